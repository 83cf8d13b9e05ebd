//! The engines that every test runs on.

use sumgil_registry::store::{Db, Keyring};
use sumgil_testkit::postgres;
use tempfile::TempDir;

/// A fresh, empty database on one engine; its folder goes when it is dropped.
pub(crate) struct Bench {
    pub(crate) db: Db,
    pub(crate) url: String,
    pub(crate) keyring_url: String,
    _folder: Option<TempDir>,
}

impl Bench {
    pub(crate) async fn keyring(&self) -> Keyring {
        Keyring::open(&self.keyring_url).await.unwrap()
    }
}

/// One bench for each engine at hand: SQLite always, PostgreSQL where it is installed.
pub(crate) async fn benches() -> Vec<Bench> {
    let mut benches = vec![sqlite().await];
    if let Some(url) = postgres::fresh_database() {
        let db = Db::open(&url).await.unwrap();
        benches.push(Bench { db, keyring_url: url.clone(), url, _folder: None });
    }
    benches
}

pub(crate) async fn sqlite() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("registry.db").display());
    let keyring_url = format!("sqlite:{}", folder.path().join("keyring.db").display());
    Bench { db: Db::open(&url).await.unwrap(), url, keyring_url, _folder: Some(folder) }
}

/// Runs SQL behind the store's back, as a broken disk or a newer program would.
pub(crate) async fn raw(url: &str, sql: &str) {
    use sqlx::{AssertSqlSafe, Connection as _};
    let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    if url.starts_with("sqlite:") {
        let mut connection = sqlx::SqliteConnection::connect(url).await.unwrap();
        sql.execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
        sql.execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}
