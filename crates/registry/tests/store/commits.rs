//! The writer: group commit, savepoints, durability across a reopening.

use sumgil_registry::store::{Db, StoreError, audit, objects, settings};

use crate::{
    engines::benches,
    make::{chain, commit, furnish, instance},
};

#[tokio::test]
async fn many_at_once_are_all_kept_once_and_the_chain_has_no_gap() {
    for bench in benches().await {
        furnish(&bench.db).await;
        let tasks: Vec<_> = (1..=200)
            .map(|number| {
                let db = bench.db.clone();
                tokio::spawn(
                    async move { commit(&db, instance(number, number % 7, 1000 + number % 7)).await },
                )
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let lines = audit::page(&bench.db, 0, 1000).await.unwrap();
        assert_eq!(lines.iter().map(|l| l.sequence).collect::<Vec<_>>(), (0..200).collect::<Vec<_>>());
        for pair in lines.windows(2) {
            assert!(pair[1].hash.starts_with(&pair[0].hash), "each hash follows from the last");
        }
        assert_eq!(objects::totals(&bench.db).await.unwrap()[0].objects, 200);
    }
}

#[tokio::test]
async fn work_that_fails_takes_only_its_own_changes_back() {
    for bench in benches().await {
        let tasks: Vec<_> = (0..100)
            .map(|number| {
                let db = bench.db.clone();
                tokio::spawn(async move {
                    db.write(move |tx| {
                        Box::pin(async move {
                            settings::set(tx, &format!("n{number}"), "there").await?;
                            if number % 3 == 0 {
                                // A statement that the engine itself refuses, as PostgreSQL then wants a rollback.
                                settings::set(tx, "x", "1").await?;
                                return Err(StoreError::Conflict("every third"));
                            }
                            Ok(())
                        })
                    })
                    .await
                    .is_ok()
                })
            })
            .collect();
        for (number, task) in tasks.into_iter().enumerate() {
            assert_eq!(task.await.unwrap(), number % 3 != 0);
            let value = settings::get(&bench.db, &format!("n{number}")).await.unwrap();
            assert_eq!(value.is_some(), number % 3 != 0, "n{number}");
        }
        assert_eq!(settings::get(&bench.db, "x").await.unwrap(), None);
    }
}

#[tokio::test]
async fn an_error_of_the_engine_leaves_the_writer_usable() {
    for bench in benches().await {
        furnish(&bench.db).await;
        let mut unknown_site = instance(1, 1, 100);
        unknown_site.object.site = crate::make::site("nowhere");
        let db = bench.db.clone();
        let refused = db
            .write(move |tx| {
                Box::pin(sumgil_registry::store::instances::commit(tx, unknown_site, crate::make::link()))
            })
            .await;
        assert!(matches!(refused, Err(StoreError::Database(_))), "foreign keys are enforced");
        commit(&bench.db, instance(2, 1, 100)).await;
        assert_eq!(audit::head(&bench.db).await.unwrap().next_sequence, 1);
    }
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_opening_again() {
    for bench in benches().await {
        furnish(&bench.db).await;
        commit(&bench.db, instance(1, 1, 100)).await;
        let again = Db::open(&bench.url).await.unwrap();
        assert_eq!(objects::totals(&again).await.unwrap()[0].objects, 1);
        let head = audit::head(&again).await.unwrap();
        assert_eq!(chain(&audit::AuditHead { next_sequence: 0, last_hash: None }), head.last_hash.unwrap());
    }
}
