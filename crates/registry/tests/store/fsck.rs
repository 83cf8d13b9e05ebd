//! The listings for `check` find what is broken behind the store's back.

use sumgil_registry::store::fsck;

use crate::{
    engines::{benches, raw},
    make::{commit, digest, furnish, instance},
};

#[tokio::test]
async fn every_contradiction_is_found() {
    for (sql, what) in [
        ("DELETE FROM instance WHERE uid = '2.25.1'", "a stored instance object has no row in the index"),
        ("DELETE FROM instance WHERE uid = '2.25.1'", "a series has no instance"),
        ("UPDATE object SET state = 'quarantined'", "an indexed instance's object is quarantined"),
        ("UPDATE object SET uid = '1.2'", "an indexed instance's UID is not its object's"),
        ("DELETE FROM audit", "an object's audit line is missing"),
        ("DELETE FROM subject_protocol", "a subject is enrolled in no protocol"),
    ] {
        for bench in benches().await {
            furnish(&bench.db).await;
            commit(&bench.db, instance(1, 1, 100)).await;
            assert_eq!(fsck::contradictions(&bench.db).await.unwrap(), []);
            raw(&bench.url, sql).await;
            let findings = fsck::contradictions(&bench.db).await.unwrap();
            assert!(findings.iter().any(|f| f.what == what), "{sql}: {findings:?}");
        }
    }
}

#[tokio::test]
async fn objects_are_listed_page_by_page() {
    for bench in benches().await {
        furnish(&bench.db).await;
        for number in 1..=5 {
            commit(&bench.db, instance(number, 1, 100)).await;
        }
        let first = fsck::objects(&bench.db, None, 3).await.unwrap();
        let second = fsck::objects(&bench.db, Some(&first[2].digest), 3).await.unwrap();
        let digests: Vec<_> = first.into_iter().chain(second).map(|listed| listed.digest).collect();
        assert_eq!(digests, (1..=5).map(digest).collect::<Vec<_>>());
    }
}
