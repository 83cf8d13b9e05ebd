//! Objects that their site takes back: out of the index at once, erased on confirmation, never taken again.

use sumgil_model::{ObjectDigest, Series, Sex, Study, Uid};
use sumgil_registry::store::{
    Db, cohort, fsck,
    instances::locate,
    objects::{self, Committed, State},
    qido,
    recalls::{self, NewRecall},
    releases,
    subjects::{self, Refused},
};
use sumgil_transfer::statement::{Move, MovedObject, Recall, RecallReason, RecallTarget};

use crate::{
    engines::benches,
    make::{
        at, commit, commit_record, digest, furnish, instance, lab, protocol_id, record, site, subject, uid,
    },
};

async fn recall(db: &Db, number: u64, targets: Vec<RecallTarget>, objects: Vec<ObjectDigest>) {
    let recall = Recall { reason: RecallReason::ConsentWithdrawn, note: String::new(), targets, objects };
    let new = NewRecall { site: site("hosp-01"), number, recall, who: "site:hosp-01".into(), at: at(20) };
    db.write(move |tx| Box::pin(async move { recalls::quarantine(tx, &new).await })).await.unwrap();
}

async fn erase(db: &Db, number: u64) -> bool {
    db.write(move |tx| {
        Box::pin(async move { recalls::erase(tx, &site("hosp-01"), number, "site:hosp-01", at(30)).await })
    })
    .await
    .unwrap()
}

async fn state_of(db: &Db, number: u64) -> State {
    objects::find(db, &digest(number)).await.unwrap().unwrap().state
}

fn study(number: u64) -> RecallTarget {
    RecallTarget::Study(uid(number))
}

#[tokio::test]
async fn a_recalled_study_leaves_the_index_at_once_and_nothing_else_does() {
    for bench in benches().await {
        let db = &bench.db;
        furnish(db).await;
        for (number, of_study) in [(1, 100), (2, 100), (3, 200)] {
            commit(db, instance(number, 1, of_study)).await;
        }
        let mut version = instance(1, 1, 100);
        (version.object.digest, version.object.content_digest) = (digest(9), vec![9]);
        commit(db, version).await;
        recall(db, 5, vec![study(100)], Vec::new()).await;

        for number in [1, 2, 9] {
            assert_eq!(state_of(db, number).await, State::Recalled, "{number}: also what waited apart");
        }
        assert_eq!(state_of(db, 3).await, State::Stored);
        let studies = qido::studies(db, &qido::Query::default()).await.unwrap();
        assert_eq!(studies.len(), 1, "the other study is still found");
        assert_eq!(locate(db, &uid::<Study>(100), None, None).await.unwrap(), []);
        assert_eq!(fsck::contradictions(db).await.unwrap(), []);
        let listed = &recalls::list(db).await.unwrap()[0];
        assert_eq!((listed.number, listed.objects, listed.erased, listed.absent), (5, 3, 0, 0));
    }
}

#[tokio::test]
async fn an_instance_is_recalled_alone_and_its_series_stays() {
    for bench in benches().await {
        let db = &bench.db;
        furnish(db).await;
        commit(db, instance(1, 1, 100)).await;
        commit(db, instance(2, 1, 100)).await;
        recall(db, 5, vec![RecallTarget::Instance(uid(1))], Vec::new()).await;
        let left = locate(db, &uid::<Study>(100), Some(&uid::<Series>(1000)), None).await.unwrap();
        assert_eq!(left.iter().map(|l| l.digest.clone()).collect::<Vec<_>>(), [digest(2)]);
        assert_eq!(fsck::contradictions(db).await.unwrap(), []);
    }
}

#[tokio::test]
async fn erasing_destroys_the_key_and_leaves_a_tombstone() {
    for bench in benches().await {
        let db = &bench.db;
        furnish(db).await;
        commit(db, instance(1, 1, 100)).await;
        db.write(|tx| Box::pin(async move { releases::add(tx, 3, &[digest(1)], at(15)).await }))
            .await
            .unwrap();
        assert!(!erase(db, 5).await, "no such recall yet");
        recall(db, 5, vec![study(100)], vec![digest(1), digest(77)]).await;
        assert!(erase(db, 5).await);
        assert!(erase(db, 5).await, "twice changes nothing");

        let row = objects::find(db, &digest(1)).await.unwrap().unwrap();
        assert_eq!((row.state, row.wrapped_key.len(), row.content_digest.len()), (State::Erased, 0, 0));
        let (site, one) = (site("hosp-01"), digest(1));
        assert_eq!(recalls::files_to_delete(db, &site, 5).await.unwrap(), vec![one.clone()]);
        db.write(|tx| {
            Box::pin(async move {
                let (objects, absent) = recalls::objects(tx, &crate::make::site("hosp-01"), 5).await?;
                assert_eq!((objects.len(), absent), (1, 1), "one was here, one never came");
                assert_eq!(objects[0].recalled_after_release, [3], "copies of release 3 are out");
                recalls::files_gone(tx, &crate::make::site("hosp-01"), 5, at(31)).await
            })
        })
        .await
        .unwrap();
        assert_eq!(recalls::files_to_delete(db, &site, 5).await.unwrap(), []);
        let tombstone = recalls::tombstone(db, &site, &one).await.unwrap().unwrap();
        assert_eq!((tombstone.erased_at, tombstone.file_gone_at), (Some(at(30)), Some(at(31))));
        let listed = &recalls::list(db).await.unwrap()[0];
        assert_eq!((listed.erased, listed.released, listed.absent), (1, 1, 1));
        assert_eq!(fsck::contradictions(db).await.unwrap(), []);
    }
}

#[tokio::test]
async fn what_was_recalled_is_not_taken_again_and_the_right_one_takes_its_place() {
    for bench in benches().await {
        let db = &bench.db;
        furnish(db).await;
        commit(db, instance(1, 1, 100)).await;
        recall(db, 5, vec![study(100)], vec![digest(1), digest(2)]).await;
        for barred in [instance(1, 1, 100), instance(2, 1, 100)] {
            assert_eq!(commit(db, barred).await, Committed::Refused(Refused::Recalled));
        }
        // The same instance of the same study, now under the subject that it is of.
        let mut right = instance(1, 2, 100);
        right.object.digest = digest(3);
        let Committed::New(kept) = commit(db, right).await else { panic!("not kept") };
        assert_eq!((kept.state, kept.version), (State::Stored, 2), "a recalled version is no conflict");
        assert_eq!(fsck::contradictions(db).await.unwrap(), []);

        let moved = |new| Move {
            recall: 5,
            from: subject(1),
            into: subject(2),
            objects: vec![MovedObject { old: digest(1), new: digest(new) }],
        };
        for (new, done) in [(4, false), (3, true)] {
            let moved = moved(new);
            let site = site("hosp-01");
            let write = db.write(move |tx| {
                Box::pin(async move { recalls::erase_moved(tx, &site, &moved, at(40)).await })
            });
            assert_eq!(write.await.unwrap(), done, "only where the new one is held");
        }
        assert_eq!((state_of(db, 1).await, state_of(db, 3).await), (State::Erased, State::Stored));
        let tombstone = recalls::tombstone(db, &site("hosp-01"), &digest(1)).await.unwrap().unwrap();
        assert_eq!(tombstone.superseded_by, Some(digest(3)));
        let counted = cohort::subjects(db, &protocol_id()).await.unwrap();
        assert_eq!(counted.iter().map(|row| row.subject.clone()).collect::<Vec<_>>(), [subject(2)]);
        assert_eq!(fsck::contradictions(db).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_site_cannot_take_back_what_another_sent() {
    for bench in benches().await {
        let db = &bench.db;
        furnish(db).await;
        let mut foreign = instance(1, 1, 100);
        foreign.object.site = site("hosp-02");
        commit(db, foreign).await;
        let targets = vec![study(100), RecallTarget::Instance(Uid::from_u128(1))];
        recall(db, 5, targets, vec![digest(1)]).await;
        assert_eq!(state_of(db, 1).await, State::Stored);
        let mut again = instance(1, 1, 100);
        again.object.site = site("hosp-02");
        assert!(matches!(commit(db, again).await, Committed::AlreadyHere(_)), "nor bar it");
    }
}

#[tokio::test]
async fn a_recalled_clinical_record_takes_its_values_with_it() {
    for bench in benches().await {
        let db = &bench.db;
        furnish(db).await;
        let told = sumgil_model::ClinicalRecord {
            sex: Some(Sex::Female),
            age_years: Some(61),
            observations: vec![lab("crp", 12.5, crate::make::day(0))],
            ..record(1, 1)
        };
        let id = format!("{}-1", subject(1));
        commit_record(db, told).await;
        commit(db, instance(1, 1, 100)).await;
        recall(db, 5, vec![RecallTarget::Record(id)], Vec::new()).await;
        let known = subjects::find(db, &subject(1)).await.unwrap().unwrap();
        assert_eq!((known.sex, known.age_years), (None, None));
        assert!(cohort::subjects(db, &protocol_id()).await.unwrap()[0].observations.is_empty());
        assert_eq!(fsck::contradictions(db).await.unwrap(), []);
    }
}
