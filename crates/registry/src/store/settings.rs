//! Small facts about this registry, by name.

use super::{
    StoreError,
    db::{Source, Tx, params},
};

const GET: &str = "SELECT value FROM setting WHERE name = $1";
const SET: &str = "INSERT INTO setting (name, value) VALUES ($1, $2) \
    ON CONFLICT (name) DO UPDATE SET value = excluded.value";

/// The value under `name`.
///
/// # Errors
/// A database error.
pub async fn get(source: impl Source, name: &str) -> Result<Option<String>, StoreError> {
    source.first(GET.into(), params![name]).await?.map(|row| row.text("value")).transpose()
}

/// Keeps `value` under `name`, in place of what was there.
///
/// # Errors
/// A database error.
pub async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<(), StoreError> {
    tx.execute(SET, params![name, value]).await.map(|_| ())
}
