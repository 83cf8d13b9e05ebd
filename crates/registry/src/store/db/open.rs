//! Opening a database, and the two pools that each engine keeps.

use std::{str::FromStr, time::Duration};

use sqlx::{
    PgPool, SqlitePool,
    pool::PoolOptions,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::{BoxFuture, Tx, Writer};
use crate::store::{
    StoreError,
    schema::{self, Migration},
};

/// Connections that read at the same time.
const READERS: u32 = 8;
/// How long a statement of SQLite waits for another process's transaction.
const BUSY: Duration = Duration::from_secs(30);

const BEGIN_SQLITE: &str = "BEGIN IMMEDIATE";
const BEGIN_POSTGRES: &str = "BEGIN";

/// A database of the registry: many readers, one writer with group commit. Cheap to clone.
#[derive(Clone)]
pub enum Db {
    /// One file beside the objects.
    Sqlite(Handle<SqlitePool>),
    /// A PostgreSQL database.
    Postgres(Handle<PgPool>),
}

/// What a [`Db`] keeps open: the readers' pool and the writer.
#[derive(Clone)]
pub struct Handle<P> {
    pub(super) readers: P,
    writer: Writer,
}

/// The connection from which the writer takes its transactions.
pub(in crate::store) enum Engine {
    /// SQLite.
    Sqlite(SqlitePool),
    /// PostgreSQL.
    Postgres(PgPool),
}

impl Engine {
    /// Begins a transaction that may write.
    pub(in crate::store) async fn begin(&self) -> Result<Tx, StoreError> {
        let (mut tx, begin) = match self {
            Self::Sqlite(pool) => (Tx::Sqlite(pool.acquire().await?), BEGIN_SQLITE),
            Self::Postgres(pool) => (Tx::Postgres(pool.acquire().await?), BEGIN_POSTGRES),
        };
        tx.execute(begin, Vec::new()).await?;
        Ok(tx)
    }
}

impl Db {
    /// Opens the registry's database and brings its schema up to date. `url` is `sqlite:PATH` (made if it is
    /// absent) or `postgres://...`.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] when a newer program has written it; a database error otherwise.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_as(url, None, schema::REGISTRY).await
    }

    /// Opens `url` with its own list of migrations; on PostgreSQL inside `namespace`, if one is given.
    pub(in crate::store) async fn open_as(
        url: &str,
        namespace: Option<&'static str>,
        migrations: &[Migration],
    ) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            let options = sqlite_options(url)?;
            let engine = pool(1).connect_with(options.clone()).await?;
            schema::migrate(&Engine::Sqlite(engine.clone()), migrations).await?;
            let readers = pool(READERS).connect_with(options).await?;
            let writer = Writer::start(Engine::Sqlite(engine));
            Ok(Self::Sqlite(Handle { readers, writer }))
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options = postgres_options(url, namespace)?;
            let engine = pool(1).connect_with(options.clone()).await?;
            if let Some(namespace) = namespace {
                schema::create_namespace(&Engine::Postgres(engine.clone()), namespace).await?;
            }
            schema::migrate(&Engine::Postgres(engine.clone()), migrations).await?;
            let readers = pool(READERS).connect_with(options).await?;
            let writer = Writer::start(Engine::Postgres(engine));
            Ok(Self::Postgres(Handle { readers, writer }))
        } else {
            Err(StoreError::Url)
        }
    }

    /// Runs `work` in a transaction and returns when it is durable. Work that waits at the same time shares
    /// one commit; work that fails takes only its own changes back.
    ///
    /// Inside `work` use the `Tx` alone: waiting there for another `write` would wait for ever.
    ///
    /// ```ignore
    /// db.write(move |tx| Box::pin(async move { sites::add(tx, &site).await })).await?;
    /// ```
    ///
    /// # Errors
    /// The work's own error, or [`StoreError::NotCommitted`]: nothing of it is in the database then.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, StoreError>> + Send + 'static,
    {
        match self {
            Self::Sqlite(handle) => handle.writer.write(work).await,
            Self::Postgres(handle) => handle.writer.write(work).await,
        }
    }

    /// The engine's name: `sqlite` or `postgres`.
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

fn pool<D: sqlx::Database>(connections: u32) -> PoolOptions<D> {
    PoolOptions::new().max_connections(connections).acquire_timeout(BUSY)
}

fn sqlite_options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    Ok(SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        // PostgreSQL's LIKE tells cases apart; so shall SQLite's, which also lets it use an index.
        .pragma("case_sensitive_like", "ON")
        // A destroyed key shall not linger in a free page.
        .pragma("secure_delete", "ON"))
}

fn postgres_options(url: &str, namespace: Option<&'static str>) -> Result<PgConnectOptions, StoreError> {
    let options = PgConnectOptions::from_str(url)?.application_name("sumgil-registry");
    Ok(match namespace {
        Some(namespace) => options.options([("search_path", namespace)]),
        None => options,
    })
}
