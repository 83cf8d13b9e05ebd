//! Rows on their way out of a statement.

use jiff::Timestamp;
use sqlx::{Row as _, postgres::PgRow, sqlite::SqliteRow};

use crate::store::StoreError;

/// One row of an answer, from either engine.
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

macro_rules! getters {
    ($($(#[$doc:meta])* $name:ident -> $type:ty;)+) => {$(
        $(#[$doc])*
        pub(crate) fn $name(&self, column: &'static str) -> Result<$type, StoreError> {
            match self {
                Self::Sqlite(row) => row.try_get::<$type, _>(column),
                Self::Postgres(row) => row.try_get::<$type, _>(column),
            }
            .map_err(StoreError::from)
        }
    )+};
}

impl Row {
    getters! {
        /// A number that is there.
        integer -> i64;
        /// A number, or NULL.
        optional_integer -> Option<i64>;
        /// A floating point number, or NULL.
        optional_real -> Option<f64>;
        /// A text that is there.
        text -> String;
        /// A text, or NULL.
        optional_text -> Option<String>;
        /// Bytes that are there.
        blob -> Vec<u8>;
        /// Bytes, or NULL.
        optional_blob -> Option<Vec<u8>>;
    }

    /// A number that cannot be negative.
    pub(crate) fn unsigned(&self, column: &'static str) -> Result<u64, StoreError> {
        u64::try_from(self.integer(column)?).map_err(|_| StoreError::Corrupt(column))
    }

    /// A moment, kept as integer microseconds UTC.
    pub(crate) fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        Timestamp::from_microsecond(self.integer(column)?).map_err(|_| StoreError::Corrupt(column))
    }

    /// A moment, or NULL.
    pub(crate) fn optional_time(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        self.optional_integer(column)?
            .map(|at| Timestamp::from_microsecond(at).map_err(|_| StoreError::Corrupt(column)))
            .transpose()
    }

    /// A text that parses as a `T`, such as an identifier or a UID.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.text(column)?.parse().map_err(|_| StoreError::Corrupt(column))
    }

    /// A text that parses as a `T`, or NULL.
    pub(crate) fn optional_parsed<T: std::str::FromStr>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        self.optional_text(column)?
            .map(|text| text.parse().map_err(|_| StoreError::Corrupt(column)))
            .transpose()
    }
}
