//! Migrations: forwards only.

use sumgil_registry::store::{Db, Remedy, StoreError};

use crate::engines::{benches, raw, sqlite};

#[tokio::test]
async fn a_database_that_a_newer_program_has_changed_is_left_alone() {
    for bench in benches().await {
        raw(&bench.url, "INSERT INTO schema_version (version, name, applied_at) VALUES (999, 'to come', 0)")
            .await;
        let error = Db::open(&bench.url).await.err().unwrap();
        assert!(matches!(error, StoreError::NewerSchema { found: 999, .. }), "{error}");
        assert_eq!(error.remedy(), Remedy::Operator);
    }
}

#[tokio::test]
async fn opening_again_and_at_once_changes_nothing() {
    for bench in benches().await {
        let url = &bench.url;
        let (a, b, c) = tokio::join!(Db::open(url), Db::open(url), Db::open(url));
        assert!(a.is_ok() && b.is_ok() && c.is_ok());
    }
}

#[tokio::test]
async fn other_addresses_are_refused() {
    assert!(matches!(Db::open("mysql://x").await, Err(StoreError::Url)));
    let bench = sqlite().await;
    assert_eq!(bench.db.engine(), "sqlite");
}
