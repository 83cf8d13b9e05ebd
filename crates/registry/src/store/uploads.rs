//! Uploads under way: how many bytes of each are durable.

use jiff::Timestamp;
use sumgil_model::{ObjectDigest, SiteId};

use super::{
    StoreError,
    db::{Row, Source, Tx, params},
};

/// An upload under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// The object that is coming.
    pub digest: ObjectDigest,
    /// Who sends it.
    pub site: SiteId,
    /// The manifest of the offer, as JSON.
    pub manifest: String,
    /// How many bytes it has.
    pub size_bytes: u64,
    /// How many of them are durable.
    pub offset_bytes: u64,
    /// When it was offered first.
    pub started_at: Timestamp,
    /// When the last part became durable.
    pub updated_at: Timestamp,
}

const BEGIN: &str = "INSERT INTO upload \
    (digest, site_id, manifest, size_bytes, offset_bytes, started_at, updated_at) \
    VALUES ($1, $2, $3, $4, 0, $5, $5) ON CONFLICT (digest) DO NOTHING";
const FIND: &str = "SELECT digest, site_id, manifest, size_bytes, offset_bytes, started_at, updated_at \
    FROM upload WHERE digest = $1";
const REOFFER: &str = "UPDATE upload SET manifest = $2, updated_at = $3 WHERE digest = $1";
const ADVANCE: &str = "UPDATE upload SET offset_bytes = $3, updated_at = $4 \
    WHERE digest = $1 AND offset_bytes = $2";
const RESET: &str = "UPDATE upload SET offset_bytes = $2, updated_at = $3 WHERE digest = $1";
const REMOVE: &str = "DELETE FROM upload WHERE digest = $1";
const STALE: &str = "SELECT digest, site_id, manifest, size_bytes, offset_bytes, started_at, updated_at \
    FROM upload WHERE updated_at < $1 ORDER BY updated_at, digest LIMIT $2";

/// Begins an upload, or takes up the one that is there, with the newest manifest; answers where it stands.
///
/// # Errors
/// [`StoreError::Conflict`] when another site sends this digest, or its size differs.
pub async fn begin(
    tx: &mut Tx,
    digest: &ObjectDigest,
    site: &SiteId,
    manifest: &str,
    size_bytes: u64,
    now: Timestamp,
) -> Result<Upload, StoreError> {
    tx.execute(BEGIN, params![digest, site, manifest, size_bytes, now]).await?;
    let upload = find(&mut *tx, digest).await?.ok_or(StoreError::NotFound("upload"))?;
    if upload.site != *site || upload.size_bytes != size_bytes {
        return Err(StoreError::Conflict("this digest is being sent with another size or by another site"));
    }
    if upload.manifest != manifest {
        tx.execute(REOFFER, params![digest, manifest, now]).await?;
    }
    Ok(Upload { manifest: manifest.to_owned(), ..upload })
}

/// The upload of this object, if it is under way.
///
/// # Errors
/// A database error.
pub async fn find(source: impl Source, digest: &ObjectDigest) -> Result<Option<Upload>, StoreError> {
    source.first(FIND.into(), params![digest]).await?.map(|row| read(&row)).transpose()
}

/// Notes that the bytes up to `to` are durable; they were durable up to `from` before.
///
/// # Errors
/// [`StoreError::Conflict`] when the upload does not stand at `from`.
pub async fn advance(
    tx: &mut Tx,
    digest: &ObjectDigest,
    from: u64,
    to: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    match tx.execute(ADVANCE, params![digest, from, to, now]).await? {
        0 => Err(StoreError::Conflict("the upload stands elsewhere")),
        _ => Ok(()),
    }
}

/// Sets the durable offset to what the part file really holds, after a crash.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such upload.
pub async fn reset(tx: &mut Tx, digest: &ObjectDigest, to: u64, now: Timestamp) -> Result<(), StoreError> {
    match tx.execute(RESET, params![digest, to, now]).await? {
        0 => Err(StoreError::NotFound("upload")),
        _ => Ok(()),
    }
}

/// Forgets an upload; one that does not exist is no error. Committing an object does this by itself.
///
/// # Errors
/// A database error.
pub async fn remove(tx: &mut Tx, digest: &ObjectDigest) -> Result<(), StoreError> {
    tx.execute(REMOVE, params![digest]).await.map(|_| ())
}

/// Uploads that have not moved since `before`, oldest first.
///
/// # Errors
/// A database error.
pub async fn stale(source: impl Source, before: Timestamp, limit: u32) -> Result<Vec<Upload>, StoreError> {
    source.all(STALE.into(), params![before, limit]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Upload, StoreError> {
    Ok(Upload {
        digest: row.parsed("digest")?,
        site: row.parsed("site_id")?,
        manifest: row.text("manifest")?,
        size_bytes: row.unsigned("size_bytes")?,
        offset_bytes: row.unsigned("offset_bytes")?,
        started_at: row.time("started_at")?,
        updated_at: row.time("updated_at")?,
    })
}
