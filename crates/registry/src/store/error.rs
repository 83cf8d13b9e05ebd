//! What can go wrong in the store.

/// Who can do something about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Trying again later may help.
    Retry,
    /// The request itself is wrong.
    Reject,
    /// A person at the centre must look.
    Operator,
}

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine said no.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The address is neither SQLite's nor PostgreSQL's.
    #[error("a database address begins with sqlite: or postgres:")]
    Url,
    /// A newer program has changed the schema.
    #[error("the database has schema version {found}, this program knows {known}: use the newer program")]
    NewerSchema {
        /// The version in the database.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// What is asked for contradicts what is there.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// There is no such row.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A column holds what this program cannot have written.
    #[error("column {0} holds an unreadable value")]
    Corrupt(&'static str),
    /// The shared commit failed; nothing of the work is in the database.
    #[error("the write was not committed")]
    NotCommitted,
    /// The writer has ended.
    #[error("the store has been closed")]
    Stopped,
}

impl StoreError {
    /// Who can do something about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::NotCommitted | Self::Stopped => Remedy::Retry,
            Self::Conflict(_) | Self::NotFound(_) => Remedy::Reject,
            Self::Database(error) if transient(error) => Remedy::Retry,
            Self::Database(_) | Self::Url | Self::NewerSchema { .. } | Self::Corrupt(_) => Remedy::Operator,
        }
    }

    /// Whether a uniqueness rule was broken, whichever engine said so.
    pub(crate) fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

fn transient(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed)
        || error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            // SQLite busy and locked; PostgreSQL serialization failure and deadlock.
            .is_some_and(|code| matches!(code.as_ref(), "5" | "6" | "40001" | "40P01"))
}
