//! Statements of sites, each kept as it came, with its signed answer.

use jiff::Timestamp;
use sumgil_model::{ObjectDigest, SiteId};

use super::{
    StoreError,
    db::{Row, Source, Tx, params},
};

/// A statement as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The SHA-256 of what the site signed.
    pub digest: ObjectDigest,
    /// The audit event that was committed with its effect.
    pub audit_sequence: u64,
    /// The signed answer as JSON; none while an erasure is under way.
    pub answer: Option<String>,
}

/// A statement that has just come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// Who states it.
    pub site: SiteId,
    /// The site's number for it.
    pub number: u64,
    /// The word for its kind.
    pub kind: &'static str,
    /// The SHA-256 of what the site signed.
    pub digest: ObjectDigest,
    /// The signed statement as JSON.
    pub body: String,
    /// When it came.
    pub received_at: Timestamp,
}

const FIND: &str = "SELECT digest, audit_sequence, answer FROM statement WHERE site_id = $1 AND number = $2";
const ADD: &str = "INSERT INTO statement (site_id, number, kind, digest, body, received_at, audit_sequence) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const ANSWER: &str = "UPDATE statement SET answer = $3 WHERE site_id = $1 AND number = $2 AND answer IS NULL";

/// The statement that the site has given this number.
///
/// # Errors
/// A database error.
pub async fn find(source: impl Source, site: &SiteId, number: u64) -> Result<Option<Kept>, StoreError> {
    source.first(FIND.into(), params![site, number]).await?.map(|row| read(&row)).transpose()
}

/// Keeps a statement that is not there yet.
///
/// # Errors
/// [`StoreError::Conflict`] when the number is taken.
pub async fn add(tx: &mut Tx, new: &New, audit_sequence: u64) -> Result<(), StoreError> {
    let row =
        params![&new.site, new.number, new.kind, &new.digest, &new.body, new.received_at, audit_sequence,];
    match tx.execute(ADD, row).await {
        Err(error) if error.is_duplicate() => Err(StoreError::Conflict("the statement's number is taken")),
        other => other.map(|_| ()),
    }
}

/// Keeps the signed answer. The first one stays.
///
/// # Errors
/// A database error.
pub async fn answer(tx: &mut Tx, site: &SiteId, number: u64, answer: &str) -> Result<(), StoreError> {
    tx.execute(ANSWER, params![site, number, answer]).await.map(|_| ())
}

fn read(row: &Row) -> Result<Kept, StoreError> {
    Ok(Kept {
        digest: row.parsed("digest")?,
        audit_sequence: row.unsigned("audit_sequence")?,
        answer: row.optional_text("answer")?,
    })
}
