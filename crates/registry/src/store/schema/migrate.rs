//! Bringing a database up to date, forwards only.

use jiff::Timestamp;

use super::describe::{Change, Dialect};
use crate::store::{
    StoreError,
    db::{Engine, Source, Tx, params},
};

/// One step of the schema's history.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    /// 1, 2, 3 ... without gaps.
    pub(crate) version: i64,
    /// What it brings.
    pub(crate) name: &'static str,
    /// In this order.
    pub(crate) changes: &'static [Change],
}

const VERSIONS_SQLITE: &str = "CREATE TABLE IF NOT EXISTS schema_version (\
    version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT";
const VERSIONS_POSTGRES: &str = "CREATE TABLE IF NOT EXISTS schema_version (\
    version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)";
/// Two programs that start at once: the second waits, then finds the work done.
const LOCK_POSTGRES: &str = "SELECT CAST(pg_advisory_xact_lock(7305612) AS TEXT)";
const CURRENT: &str = "SELECT COALESCE(MAX(version), 0) AS version FROM schema_version";
const APPLIED: &str = "INSERT INTO schema_version (version, name, applied_at) VALUES ($1, $2, $3)";

/// Applies every migration that the database does not have, in one transaction.
pub(crate) async fn migrate(engine: &Engine, migrations: &[Migration]) -> Result<(), StoreError> {
    let mut tx = engine.begin().await?;
    let outcome = apply(&mut tx, migrations).await;
    tx.execute(if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" }, Vec::new()).await?;
    outcome
}

async fn apply(tx: &mut Tx, migrations: &[Migration]) -> Result<(), StoreError> {
    let dialect = match tx {
        Tx::Sqlite(_) => Dialect::Sqlite,
        Tx::Postgres(_) => Dialect::Postgres,
    };
    if dialect == Dialect::Postgres {
        tx.execute(LOCK_POSTGRES, Vec::new()).await?;
        tx.execute(VERSIONS_POSTGRES, Vec::new()).await?;
    } else {
        tx.execute(VERSIONS_SQLITE, Vec::new()).await?;
    }
    let found = match tx.first(CURRENT.into(), Vec::new()).await? {
        Some(row) => row.integer("version")?,
        None => 0,
    };
    let known = migrations.last().map_or(0, |newest| newest.version);
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    for migration in migrations.iter().filter(|migration| migration.version > found) {
        for statement in migration.changes.iter().flat_map(|change| change.ddl(dialect)) {
            tx.execute_sql(statement.into(), Vec::new()).await?;
        }
        let row = params![migration.version, migration.name, Timestamp::now()];
        tx.execute(APPLIED, row).await?;
    }
    Ok(())
}

/// Makes a schema of PostgreSQL, if it is not there.
pub(crate) async fn create_namespace(engine: &Engine, namespace: &'static str) -> Result<(), StoreError> {
    let mut tx = engine.begin().await?;
    let made = tx.execute_sql(format!("CREATE SCHEMA IF NOT EXISTS {namespace}").into(), Vec::new()).await;
    tx.execute(if made.is_ok() { "COMMIT" } else { "ROLLBACK" }, Vec::new()).await?;
    made.map(|_| ())
}
