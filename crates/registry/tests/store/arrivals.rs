//! What becomes of an arriving instance.

use sumgil_registry::store::{
    StoreError, audit, fsck,
    instances::{self, locate},
    objects::{self, Committed, Kind, State, VERSION_CONFLICT},
    subjects::{self, Refused},
    uploads,
};

use crate::{
    engines::benches,
    make::{at, commit, digest, furnish, instance, link, protocol_id, site, subject, uid},
};

#[tokio::test]
async fn an_instance_is_stored_with_its_rows_its_key_and_its_audit_line() {
    for bench in benches().await {
        furnish(&bench.db).await;
        let Committed::New(kept) = commit(&bench.db, instance(1, 1, 100)).await else { panic!("not new") };
        assert_eq!((kept.state, kept.version, kept.audit_sequence), (State::Stored, 1, 0));
        assert_eq!(objects::find(&bench.db, &digest(1)).await.unwrap(), Some(kept.clone()));
        assert_eq!(
            objects::of_instance(&bench.db, uid::<sumgil_model::Instance>(1).as_str()).await.unwrap(),
            Some(kept)
        );
        assert_eq!(audit::page(&bench.db, 0, 10).await.unwrap().len(), 1);
        assert_eq!(subjects::protocols(&bench.db, &subject(1)).await.unwrap(), [protocol_id()]);
        assert_eq!(fsck::contradictions(&bench.db).await.unwrap(), []);
        let located = locate(&bench.db, &uid(100), Some(&uid(1000)), Some(&uid(1))).await.unwrap();
        assert_eq!(located.iter().map(|l| l.digest.clone()).collect::<Vec<_>>(), [digest(1)]);
    }
}

#[tokio::test]
async fn the_same_content_again_is_already_there_however_it_was_sealed() {
    for bench in benches().await {
        furnish(&bench.db).await;
        commit(&bench.db, instance(1, 1, 100)).await;
        let mut resealed = instance(1, 1, 100);
        resealed.object.digest = digest(2);
        for again in [instance(1, 1, 100), resealed] {
            let Committed::AlreadyHere(kept) = commit(&bench.db, again).await else { panic!("kept twice") };
            assert_eq!(kept.digest, digest(1));
        }
        assert_eq!(objects::totals(&bench.db).await.unwrap()[0].objects, 1);
        assert_eq!(audit::page(&bench.db, 0, 10).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn other_content_under_the_same_uid_waits_in_quarantine_as_a_new_version() {
    for bench in benches().await {
        furnish(&bench.db).await;
        commit(&bench.db, instance(1, 1, 100)).await;
        for number in [2, 3] {
            let mut other = instance(1, 1, 100);
            other.object.digest = digest(number);
            other.object.content_digest = vec![number as u8];
            let Committed::New(kept) = commit(&bench.db, other).await else { panic!("not kept") };
            assert_eq!((kept.state, kept.version), (State::Quarantined, number));
            assert_eq!(kept.reason.as_deref(), Some(VERSION_CONFLICT));
        }
        let served = objects::of_instance(&bench.db, "2.25.1").await.unwrap().unwrap();
        assert_eq!(served.digest, digest(1), "the first content is never overwritten");
        let waiting = objects::in_state(&bench.db, State::Quarantined, None, 10).await.unwrap();
        assert_eq!(waiting.len(), 2);
        assert_eq!(
            objects::versions(&bench.db, &site("hosp-01"), Kind::Instance, "2.25.1").await.unwrap().len(),
            3
        );
        assert_eq!(fsck::contradictions(&bench.db).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_site_cannot_add_to_what_belongs_to_another() {
    for bench in benches().await {
        furnish(&bench.db).await;
        commit(&bench.db, instance(1, 1, 100)).await;
        let mut of_other_site = instance(2, 1, 200);
        of_other_site.object.site = site("hosp-02");
        let other_subject_same_study = instance(3, 3, 100);
        let mut series_of_other_study = instance(4, 1, 300);
        series_of_other_study.series.uid = uid(1000);
        for foreign in [of_other_site, other_subject_same_study, series_of_other_study] {
            assert_eq!(commit(&bench.db, foreign).await, Committed::Refused(Refused::IdentityMismatch));
        }
        let mut same_uid = instance(1, 5, 500);
        same_uid.object.site = site("hosp-02");
        same_uid.object.digest = digest(9);
        let Committed::New(kept) = commit(&bench.db, same_uid).await else { panic!("not kept") };
        assert_eq!(kept.state, State::Quarantined, "a UID that another site holds is not indexed twice");
        assert_eq!(objects::totals(&bench.db).await.unwrap().iter().map(|t| t.objects).sum::<u64>(), 2);
    }
}

#[tokio::test]
async fn nothing_is_received_about_a_subject_who_withdrew() {
    for bench in benches().await {
        furnish(&bench.db).await;
        commit(&bench.db, instance(1, 1, 100)).await;
        bench
            .db
            .write(|tx| Box::pin(async move { subjects::withdraw(tx, &subject(1), at(20)).await }))
            .await
            .unwrap();
        assert_eq!(commit(&bench.db, instance(2, 1, 100)).await, Committed::Refused(Refused::Withdrawn));
    }
}

#[tokio::test]
async fn what_the_caller_quarantines_is_kept_and_not_indexed() {
    for bench in benches().await {
        furnish(&bench.db).await;
        let mut rows = instance(1, 1, 100);
        rows.object.quarantine = Some("unreadable".into());
        let Committed::New(kept) = commit(&bench.db, rows).await else { panic!("not kept") };
        assert_eq!((kept.state, kept.reason.as_deref()), (State::Quarantined, Some("unreadable")));
        assert_eq!(locate(&bench.db, &uid(100), None, None).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_commit_ends_its_upload_and_a_failed_one_changes_nothing() {
    for bench in benches().await {
        furnish(&bench.db).await;
        bench
            .db
            .write(|tx| {
                Box::pin(
                    async move { uploads::begin(tx, &digest(1), &site("hosp-01"), "{}", 1001, at(1)).await },
                )
            })
            .await
            .unwrap();
        let failed: Result<Committed, StoreError> = bench
            .db
            .write(|tx| {
                Box::pin(async move {
                    instances::commit(tx, instance(1, 1, 100), link()).await?;
                    Err(StoreError::Conflict("the power fails here"))
                })
            })
            .await;
        assert!(matches!(failed, Err(StoreError::Conflict(_))));
        assert_eq!(objects::find(&bench.db, &digest(1)).await.unwrap(), None);
        assert!(audit::page(&bench.db, 0, 10).await.unwrap().is_empty());
        assert!(uploads::find(&bench.db, &digest(1)).await.unwrap().is_some());
        commit(&bench.db, instance(1, 1, 100)).await;
        assert_eq!(uploads::find(&bench.db, &digest(1)).await.unwrap(), None);
    }
}
