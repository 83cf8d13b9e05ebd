//! A transaction under way, owned by the writer.

use sqlx::{Postgres, Sqlite, pool::PoolConnection};

/// A transaction of the writer: functions that change rows take it. Pass `&mut *tx` where a [`super::Source`]
/// is wanted.
pub enum Tx {
    /// On SQLite.
    Sqlite(PoolConnection<Sqlite>),
    /// On PostgreSQL.
    Postgres(PoolConnection<Postgres>),
}

impl Tx {
    /// Throws the connection away instead of giving it back to the pool in an unknown state.
    pub(super) fn discard(self) {
        match self {
            Self::Sqlite(connection) => drop(connection.detach()),
            Self::Postgres(connection) => drop(connection.detach()),
        }
    }
}
