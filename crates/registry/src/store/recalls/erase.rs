//! The second step: keys are destroyed in one transaction; then the files go, and that is noted too.

use jiff::Timestamp;
use sumgil_model::{ObjectDigest, SiteId};
use sumgil_transfer::statement::Move;

use crate::store::{
    StoreError,
    db::{Source, Tx, params},
};

const KNOWN: &str = "SELECT number FROM recall WHERE site_id = $1 AND number = $2";
const RECALL_ERASED: &str = "UPDATE recall SET erased_at = $3, erased_by = $4 \
    WHERE site_id = $1 AND number = $2 AND erased_at IS NULL";
const TO_ERASE: &str = "SELECT digest FROM recalled_object \
    WHERE site_id = $1 AND recall_number = $2 AND held = 1 AND erased_at IS NULL ORDER BY digest";
const OF_RECALL: &str = "SELECT erased_at FROM recalled_object \
    WHERE site_id = $1 AND recall_number = $2 AND digest = $3";
const TAKES_PLACE: &str = "SELECT digest FROM object WHERE site_id = $1 AND digest = $2 AND subject_id = $3 \
    AND state IN ('stored', 'quarantined')";
/// The key under the subject's key is the only form that is kept: without it nobody opens the bytes.
const DESTROY_KEY: &str =
    "UPDATE object SET state = 'erased', wrapped_key = $2, content_digest = $2 WHERE digest = $1";
const TOMBSTONE_ERASED: &str = "UPDATE recalled_object SET erased_at = $3 \
    WHERE site_id = $1 AND digest = $2 AND erased_at IS NULL";
const SUPERSEDE: &str = "UPDATE recalled_object SET superseded_by = $3 WHERE site_id = $1 AND digest = $2";
const FILES: &str = "SELECT digest FROM recalled_object WHERE site_id = $1 AND recall_number = $2 \
    AND held = 1 AND erased_at IS NOT NULL AND file_gone_at IS NULL ORDER BY digest";
const GONE: &str = "UPDATE recalled_object SET file_gone_at = $3 WHERE site_id = $1 AND recall_number = $2 \
    AND erased_at IS NOT NULL AND file_gone_at IS NULL";

/// Destroys the keys of every object of a recall. False when there is no such recall.
///
/// # Errors
/// A database error.
pub async fn erase(
    tx: &mut Tx,
    site: &SiteId,
    recall: u64,
    who: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if tx.first(KNOWN.into(), params![site, recall]).await?.is_none() {
        return Ok(false);
    }
    for row in tx.all(TO_ERASE.into(), params![site, recall]).await? {
        destroy(tx, site, &row.parsed("digest")?, now).await?;
    }
    tx.execute(RECALL_ERASED, params![site, recall, now, who]).await?;
    Ok(true)
}

/// Destroys the keys of objects that have come again under another subject. False, and nothing happens, unless each
/// was recalled and the one in its place is held.
///
/// # Errors
/// A database error.
pub async fn erase_moved(
    tx: &mut Tx,
    site: &SiteId,
    moved: &Move,
    now: Timestamp,
) -> Result<bool, StoreError> {
    for pair in &moved.objects {
        let recalled = tx.first(OF_RECALL.into(), params![site, moved.recall, &pair.old]).await?;
        let held = tx.first(TAKES_PLACE.into(), params![site, &pair.new, &moved.into]).await?;
        if recalled.is_none() || held.is_none() {
            return Ok(false);
        }
    }
    for pair in &moved.objects {
        destroy(tx, site, &pair.old, now).await?;
        tx.execute(SUPERSEDE, params![site, &pair.old, &pair.new]).await?;
    }
    Ok(true)
}

async fn destroy(
    tx: &mut Tx,
    site: &SiteId,
    digest: &ObjectDigest,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(TOMBSTONE_ERASED, params![site, digest, now]).await?;
    tx.execute(DESTROY_KEY, params![digest, Vec::<u8>::new()]).await.map(|_| ())
}

/// Objects of a recall whose keys are destroyed and whose files may still be there.
///
/// # Errors
/// A database error.
pub async fn files_to_delete(
    source: impl Source,
    site: &SiteId,
    recall: u64,
) -> Result<Vec<ObjectDigest>, StoreError> {
    let rows = source.all(FILES.into(), params![site, recall]).await?;
    rows.iter().map(|row| row.parsed("digest")).collect()
}

/// Notes that those files are gone.
///
/// # Errors
/// A database error.
pub async fn files_gone(tx: &mut Tx, site: &SiteId, recall: u64, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(GONE, params![site, recall, now]).await.map(|_| ())
}
