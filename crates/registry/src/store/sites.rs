//! Contributing sites.

use jiff::Timestamp;
use sumgil_model::SiteId;

use super::{
    StoreError,
    db::{Row, Source, Tx, params},
};

/// A contributing hospital as the registry knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its code.
    pub id: SiteId,
    /// Its name in full.
    pub name: String,
    /// The public key that its edge gave at enrolment, as the edge sent it.
    pub edge_key: Option<Vec<u8>>,
    /// When the registry added it.
    pub created_at: Timestamp,
    /// When its edge enrolled; the last time, if more than once.
    pub enrolled_at: Option<Timestamp>,
    /// When it was closed: nothing is received from it any more.
    pub closed_at: Option<Timestamp>,
}

const ADD: &str = "INSERT INTO site (id, name, created_at) VALUES ($1, $2, $3)";
const FIND: &str = "SELECT id, name, edge_key, created_at, enrolled_at, closed_at FROM site WHERE id = $1";
const LIST: &str = "SELECT id, name, edge_key, created_at, enrolled_at, closed_at FROM site ORDER BY id";
const ENROLLED: &str = "UPDATE site SET edge_key = $2, enrolled_at = $3 WHERE id = $1";
const CLOSE: &str = "UPDATE site SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL";

/// Adds a site.
///
/// # Errors
/// [`StoreError::Conflict`] when the code is taken.
pub async fn add(tx: &mut Tx, id: &SiteId, name: &str, now: Timestamp) -> Result<(), StoreError> {
    match tx.execute(ADD, params![id, name, now]).await {
        Err(error) if error.is_duplicate() => Err(StoreError::Conflict("the site code is taken")),
        other => other.map(|_| ()),
    }
}

/// The site with this code.
///
/// # Errors
/// A database error.
pub async fn find(source: impl Source, id: &SiteId) -> Result<Option<Site>, StoreError> {
    source.first(FIND.into(), params![id]).await?.map(|row| read(&row)).transpose()
}

/// Every site, by code.
///
/// # Errors
/// A database error.
pub async fn list(source: impl Source) -> Result<Vec<Site>, StoreError> {
    source.all(LIST.into(), params![]).await?.iter().map(read).collect()
}

/// Notes that the site's edge has enrolled with `edge_key`.
///
/// # Errors
/// [`StoreError::NotFound`] for an unknown site.
pub async fn enrolled(tx: &mut Tx, id: &SiteId, edge_key: &[u8], now: Timestamp) -> Result<(), StoreError> {
    match tx.execute(ENROLLED, params![id, edge_key, now]).await? {
        0 => Err(StoreError::NotFound("site")),
        _ => Ok(()),
    }
}

/// Closes a site. Its rows stay.
///
/// # Errors
/// [`StoreError::NotFound`] for a site that is unknown or closed already.
pub async fn close(tx: &mut Tx, id: &SiteId, now: Timestamp) -> Result<(), StoreError> {
    match tx.execute(CLOSE, params![id, now]).await? {
        0 => Err(StoreError::NotFound("open site")),
        _ => Ok(()),
    }
}

fn read(row: &Row) -> Result<Site, StoreError> {
    Ok(Site {
        id: row.parsed("id")?,
        name: row.text("name")?,
        edge_key: row.optional_blob("edge_key")?,
        created_at: row.time("created_at")?,
        enrolled_at: row.optional_time("enrolled_at")?,
        closed_at: row.optional_time("closed_at")?,
    })
}
