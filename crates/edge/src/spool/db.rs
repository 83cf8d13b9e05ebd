//! The database file: opening, migrating, and the keyed and encrypted forms of its values.

use std::{fmt, path::Path, sync::Arc, time::Duration};

use sqlx::{
    Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use sumgil_custody::{LocalKey, local::Cell};
use zeroize::Zeroizing;

use crate::EdgeError;

use super::schema::STEPS;

/// A keyed fingerprint of an identified value: equal values meet, and nobody without the local key can tell
/// which value it was. 128 bits in hex.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LookUp(String);

impl LookUp {
    /// The fingerprint as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn stored(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for LookUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `edge.db`. Cheap to clone. Several processes may have it open.
#[derive(Clone)]
pub struct Db {
    write: SqlitePool,
    read: SqlitePool,
    key: Arc<LocalKey>,
}

impl Db {
    /// Opens or makes the file and brings its schema up to date.
    ///
    /// # Errors
    /// [`EdgeError::Database`], [`EdgeError::NewerSchema`].
    pub async fn open(path: &Path, key: Arc<LocalKey>) -> Result<Self, EdgeError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(60));
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        let read = SqlitePoolOptions::new().max_connections(3).connect_lazy_with(options);
        let db = Self { write, read, key };
        db.migrate().await?;
        Ok(db)
    }

    async fn migrate(&self) -> Result<(), EdgeError> {
        let known = STEPS.len() as i64;
        let mut tx = self.begin().await?;
        let found: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *tx).await?;
        if found > known {
            return Err(EdgeError::NewerSchema { found, known });
        }
        for (step, done) in STEPS.iter().skip(found as usize) {
            sqlx::raw_sql(*step).execute(&mut *tx).await?;
            sqlx::raw_sql(*done).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// A transaction that has the write lock from its beginning.
    pub(super) async fn begin(&self) -> Result<Transaction<'_, Sqlite>, EdgeError> {
        Ok(self.write.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// The connection for statements that change something.
    pub(super) fn writer(&self) -> &SqlitePool {
        &self.write
    }

    /// Connections for statements that only read.
    pub(super) fn reader(&self) -> &SqlitePool {
        &self.read
    }

    /// The edge's own key.
    pub fn local_key(&self) -> &LocalKey {
        &self.key
    }

    /// The keyed fingerprint of `parts` for `purpose`.
    pub fn look_up(&self, purpose: &str, parts: &[&str]) -> LookUp {
        self.look_up_bytes(purpose, parts.join("\u{1f}").as_bytes())
    }

    /// The keyed fingerprint of `value` for `purpose`.
    pub fn look_up_bytes(&self, purpose: &str, value: &[u8]) -> LookUp {
        LookUp(hex::encode(&self.key.fingerprint(purpose, value)[..16]))
    }

    pub(super) fn encrypt(&self, cell: Cell<'_>, plain: &[u8]) -> Result<Vec<u8>, EdgeError> {
        self.key
            .encrypt_row(cell, plain, &mut rand::rng())
            .map_err(|_| EdgeError::Damaged("a value could not be encrypted"))
    }

    pub(super) fn decrypt(&self, cell: Cell<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, EdgeError> {
        self.key
            .decrypt_row(cell, sealed)
            .map_err(|_| EdgeError::Damaged("a value of edge.db does not open with this local key"))
    }
}

/// The time now, in microseconds UTC, as rows keep it.
pub fn now_us() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}
