//! What recalls there are, and what became of their objects.

use jiff::Timestamp;
use sumgil_model::{ObjectDigest, SiteId};
use sumgil_transfer::statement::RecalledObject;

use crate::store::{
    StoreError,
    db::{Row, Source, params},
    releases,
};

/// A recall in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Whose.
    pub site: SiteId,
    /// Its number.
    pub number: u64,
    /// Why, for programs.
    pub reason: String,
    /// Why, for people.
    pub note: String,
    /// Who, as the audit log writes it.
    pub who: String,
    /// When it came.
    pub recalled_at: Timestamp,
    /// When its erasure was confirmed.
    pub erased_at: Option<Timestamp>,
    /// Objects that it met here.
    pub objects: u64,
    /// Of these, erased.
    pub erased: u64,
    /// Of these, part of a release.
    pub released: u64,
    /// Objects that it named and that were not here.
    pub absent: u64,
}

/// What is left of a recalled object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// Its site.
    pub site: SiteId,
    /// The object.
    pub digest: ObjectDigest,
    /// The recall.
    pub recall: u64,
    /// Whether it was here.
    pub held: bool,
    /// When it was recalled.
    pub recalled_at: Timestamp,
    /// When its key was destroyed.
    pub erased_at: Option<Timestamp>,
    /// When its file was gone.
    pub file_gone_at: Option<Timestamp>,
    /// The object that takes its place.
    pub superseded_by: Option<ObjectDigest>,
}

const BARRED: &str = "SELECT digest FROM recalled_object WHERE site_id = $1 AND digest = $2";
const OBJECTS: &str = "SELECT r.digest, o.uid, r.superseded_by FROM recalled_object r \
    JOIN object o ON o.digest = r.digest \
    WHERE r.site_id = $1 AND r.recall_number = $2 AND r.held = 1 ORDER BY r.digest";
const LIST: &str = "SELECT c.site_id, c.number, c.reason, c.note, c.who, c.recalled_at, c.erased_at, \
    CAST(COALESCE(SUM(r.held), 0) AS BIGINT) AS objects, \
    COUNT(CASE WHEN r.held = 1 AND r.erased_at IS NOT NULL THEN 1 END) AS erased, \
    COUNT(CASE WHEN r.held = 0 THEN 1 END) AS absent, \
    COUNT(CASE WHEN r.held = 1 AND EXISTS \
    (SELECT 1 FROM released_object f WHERE f.digest = r.digest) THEN 1 END) AS released \
    FROM recall c LEFT JOIN recalled_object r ON r.site_id = c.site_id AND r.recall_number = c.number \
    GROUP BY c.site_id, c.number, c.reason, c.note, c.who, c.recalled_at, c.erased_at \
    ORDER BY c.recalled_at, c.site_id, c.number";
macro_rules! tombstone_columns {
    () => {
        "SELECT site_id, digest, recall_number, held, recalled_at, erased_at, file_gone_at, superseded_by \
         FROM recalled_object "
    };
}
const TOMBSTONE: &str = concat!(tombstone_columns!(), "WHERE site_id = $1 AND digest = $2");
const TOMBSTONES: &str =
    concat!(tombstone_columns!(), "WHERE held = 1 AND digest > $1 ORDER BY digest LIMIT $2");

/// Whether the site has recalled the object, be it here or not: it is not taken any more.
///
/// # Errors
/// A database error.
pub async fn is_barred(
    source: impl Source,
    site: &SiteId,
    digest: &ObjectDigest,
) -> Result<bool, StoreError> {
    Ok(source.first(BARRED.into(), params![site, digest]).await?.is_some())
}

/// The objects that a recall met here, with the releases that they are part of, and how many it named that were not
/// here.
///
/// # Errors
/// A database error.
pub async fn objects(
    tx: &mut crate::store::Tx,
    site: &SiteId,
    recall: u64,
) -> Result<(Vec<RecalledObject>, u64), StoreError> {
    let mut objects = Vec::new();
    for row in tx.all(OBJECTS.into(), params![site, recall]).await? {
        let digest: ObjectDigest = row.parsed("digest")?;
        objects.push(RecalledObject {
            recalled_after_release: releases::of_object(&mut *tx, &digest).await?,
            digest,
            uid: row.text("uid")?,
            superseded_by: row.optional_parsed("superseded_by")?,
        });
    }
    const ABSENT: &str = "SELECT COUNT(*) AS absent FROM recalled_object \
        WHERE site_id = $1 AND recall_number = $2 AND held = 0";
    let absent = match tx.first(ABSENT.into(), params![site, recall]).await? {
        Some(row) => row.unsigned("absent")?,
        None => 0,
    };
    Ok((objects, absent))
}

/// Every recall, oldest first.
///
/// # Errors
/// A database error.
pub async fn list(source: impl Source) -> Result<Vec<Listed>, StoreError> {
    source.all(LIST.into(), params![]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Listed, StoreError> {
    Ok(Listed {
        site: row.parsed("site_id")?,
        number: row.unsigned("number")?,
        reason: row.text("reason")?,
        note: row.text("note")?,
        who: row.text("who")?,
        recalled_at: row.time("recalled_at")?,
        erased_at: row.optional_time("erased_at")?,
        objects: row.unsigned("objects")?,
        erased: row.unsigned("erased")?,
        released: row.unsigned("released")?,
        absent: row.unsigned("absent")?,
    })
}

/// What is left of one recalled object.
///
/// # Errors
/// A database error.
pub async fn tombstone(
    source: impl Source,
    site: &SiteId,
    digest: &ObjectDigest,
) -> Result<Option<Tombstone>, StoreError> {
    source.first(TOMBSTONE.into(), params![site, digest]).await?.map(|row| read_tombstone(&row)).transpose()
}

/// The next `limit` tombstones of objects that were here, by digest, after `after`.
///
/// # Errors
/// A database error.
pub async fn tombstones(
    source: impl Source,
    after: Option<&ObjectDigest>,
    limit: u32,
) -> Result<Vec<Tombstone>, StoreError> {
    let after = after.map_or("", ObjectDigest::as_str);
    source.all(TOMBSTONES.into(), params![after, limit]).await?.iter().map(read_tombstone).collect()
}

fn read_tombstone(row: &Row) -> Result<Tombstone, StoreError> {
    Ok(Tombstone {
        site: row.parsed("site_id")?,
        digest: row.parsed("digest")?,
        recall: row.unsigned("recall_number")?,
        held: row.integer("held")? != 0,
        recalled_at: row.time("recalled_at")?,
        erased_at: row.optional_time("erased_at")?,
        file_gone_at: row.optional_time("file_gone_at")?,
        superseded_by: row.optional_parsed("superseded_by")?,
    })
}
