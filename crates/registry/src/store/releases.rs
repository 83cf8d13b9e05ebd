//! Which objects were part of which release: consulted when an object is recalled.

use jiff::Timestamp;
use sumgil_model::ObjectDigest;

use super::{
    StoreError,
    db::{Source, Tx, params},
};

const ADD: &str = "INSERT INTO released_object (release_number, digest, released_at) VALUES ($1, $2, $3) \
    ON CONFLICT (release_number, digest) DO NOTHING";
const OF_OBJECT: &str =
    "SELECT release_number FROM released_object WHERE digest = $1 ORDER BY release_number";

/// Notes that the objects are part of a release. Noting it again changes nothing.
///
/// # Errors
/// A database error.
pub async fn add(
    tx: &mut Tx,
    release: u64,
    objects: &[ObjectDigest],
    now: Timestamp,
) -> Result<(), StoreError> {
    for digest in objects {
        tx.execute(ADD, params![release, digest, now]).await?;
    }
    Ok(())
}

/// The releases that an object is part of.
///
/// # Errors
/// A database error.
pub async fn of_object(source: impl Source, digest: &ObjectDigest) -> Result<Vec<u64>, StoreError> {
    let rows = source.all(OF_OBJECT.into(), params![digest]).await?;
    rows.iter().map(|row| row.unsigned("release_number")).collect()
}
