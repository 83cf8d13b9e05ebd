//! Databases of every landed schema open and can be worked with: `golden/vN.sql` holds one of each.

use std::sync::Arc;

use sqlx::{Row, SqlitePool, sqlite::SqliteConnectOptions};
use sumgil_custody::{LocalKey, Secret};

use super::{Db, LookUp};

const LANDED: [&str; 3] =
    [include_str!("golden/v1.sql"), include_str!("golden/v2.sql"), include_str!("golden/v3.sql")];

async fn raw(path: &std::path::Path) -> SqlitePool {
    SqlitePool::connect_with(SqliteConnectOptions::new().filename(path).create_if_missing(true))
        .await
        .unwrap()
}

async fn schema(pool: &SqlitePool) -> Vec<String> {
    let rows =
        sqlx::query("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetch_all(pool);
    let words = |sql: String| sql.split_whitespace().collect::<Vec<_>>().join(" ");
    rows.await.unwrap().iter().map(|row| words(row.get(0))).collect()
}

#[tokio::test]
async fn every_landed_schema_opens_and_becomes_the_present_one() {
    let dir = tempfile::tempdir().unwrap();
    let key = Arc::new(LocalKey::from_bytes([1; 32]));
    let fresh = dir.path().join("fresh.db");
    Db::open(&fresh, Arc::clone(&key)).await.unwrap();
    for (n, landed) in LANDED.into_iter().enumerate() {
        let old = dir.path().join(format!("old-{n}.db"));
        sqlx::raw_sql(landed).execute(&raw(&old).await).await.unwrap();
        let db = Db::open(&old, Arc::clone(&key)).await.unwrap();
        let counts = db.counts().await.unwrap();
        assert_eq!((counts.held, counts.waiting, counts.sent, counts.waiting_notes), (1, 1, 1, 1));
        let patient = LookUp::stored("00112233445566778899aabbccddeeff".to_owned());
        assert!(db.patient(&patient).await.unwrap().is_none());
        assert_eq!(schema(&raw(&old).await).await, schema(&raw(&fresh).await).await);
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused_politely() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("newer.db");
    sqlx::raw_sql("PRAGMA user_version = 99").execute(&raw(&path).await).await.unwrap();
    let opened = Db::open(&path, Arc::new(LocalKey::from_bytes([1; 32]))).await;
    assert!(matches!(opened, Err(crate::EdgeError::NewerSchema { found: 99, .. })));
}
