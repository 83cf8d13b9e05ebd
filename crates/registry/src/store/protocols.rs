//! Protocols: the research projects that one registry serves, and the sites that take part.

use jiff::Timestamp;
use sumgil_model::{ProtocolId, SiteId};

use super::{
    StoreError,
    db::{Row, Source, Tx, params},
};

/// A research project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protocol {
    /// Its code.
    pub id: ProtocolId,
    /// Its name in full.
    pub name: String,
    /// Its codebook, as JSON.
    pub codebook: String,
    /// Who is eligible, as JSON.
    pub eligibility: String,
    /// The version of the de-identification profile that objects must have passed.
    pub profile: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was closed: nobody is enrolled any more.
    pub closed_at: Option<Timestamp>,
}

const ADD: &str = "INSERT INTO protocol (id, name, codebook, eligibility, profile, created_at, closed_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const FIND: &str = "SELECT id, name, codebook, eligibility, profile, created_at, closed_at \
    FROM protocol WHERE id = $1";
const LIST: &str = "SELECT id, name, codebook, eligibility, profile, created_at, closed_at \
    FROM protocol ORDER BY id";
const ADD_SITE: &str = "INSERT INTO site_protocol (site_id, protocol_id, added_at) VALUES ($1, $2, $3) \
    ON CONFLICT (site_id, protocol_id) DO NOTHING";
const OF_SITE: &str = "SELECT p.id, p.name, p.codebook, p.eligibility, p.profile, p.created_at, p.closed_at \
    FROM protocol p JOIN site_protocol sp ON sp.protocol_id = p.id \
    WHERE sp.site_id = $1 AND p.closed_at IS NULL ORDER BY p.id";
const SITES: &str = "SELECT site_id FROM site_protocol WHERE protocol_id = $1 ORDER BY site_id";

/// Adds a protocol.
///
/// # Errors
/// [`StoreError::Conflict`] when the code is taken.
pub async fn add(tx: &mut Tx, protocol: &Protocol) -> Result<(), StoreError> {
    let row = params![
        &protocol.id,
        &protocol.name,
        &protocol.codebook,
        &protocol.eligibility,
        &protocol.profile,
        protocol.created_at,
        protocol.closed_at,
    ];
    match tx.execute(ADD, row).await {
        Err(error) if error.is_duplicate() => Err(StoreError::Conflict("the protocol code is taken")),
        other => other.map(|_| ()),
    }
}

/// The protocol with this code.
///
/// # Errors
/// A database error.
pub async fn find(source: impl Source, id: &ProtocolId) -> Result<Option<Protocol>, StoreError> {
    source.first(FIND.into(), params![id]).await?.map(|row| read(&row)).transpose()
}

/// Every protocol, by code.
///
/// # Errors
/// A database error.
pub async fn list(source: impl Source) -> Result<Vec<Protocol>, StoreError> {
    source.all(LIST.into(), params![]).await?.iter().map(read).collect()
}

/// Lets a site take part. Adding it again changes nothing.
///
/// # Errors
/// A database error; an unknown site or protocol breaks a foreign key.
pub async fn add_site(
    tx: &mut Tx,
    protocol: &ProtocolId,
    site: &SiteId,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(ADD_SITE, params![site, protocol, now]).await.map(|_| ())
}

/// The open protocols that a site takes part in.
///
/// # Errors
/// A database error.
pub async fn of_site(source: impl Source, site: &SiteId) -> Result<Vec<Protocol>, StoreError> {
    source.all(OF_SITE.into(), params![site]).await?.iter().map(read).collect()
}

/// The sites that take part in a protocol, by code.
///
/// # Errors
/// A database error.
pub async fn sites(source: impl Source, protocol: &ProtocolId) -> Result<Vec<SiteId>, StoreError> {
    source.all(SITES.into(), params![protocol]).await?.iter().map(|row| row.parsed("site_id")).collect()
}

fn read(row: &Row) -> Result<Protocol, StoreError> {
    Ok(Protocol {
        id: row.parsed("id")?,
        name: row.text("name")?,
        codebook: row.text("codebook")?,
        eligibility: row.text("eligibility")?,
        profile: row.text("profile")?,
        created_at: row.time("created_at")?,
        closed_at: row.optional_time("closed_at")?,
    })
}
