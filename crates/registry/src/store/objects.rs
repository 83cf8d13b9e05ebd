//! Sealed objects: whose they are, in which state, and their wrapped keys.

use jiff::Timestamp;
use sumgil_model::{ObjectDigest, SiteId, SubjectId};

use super::{
    StoreError,
    db::{Row, Source, Tx, params},
    subjects::Refused,
};

/// What an object holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A DICOM instance.
    Instance,
    /// A clinical record.
    Clinical,
}

/// Whether an object counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It is indexed and served.
    Stored,
    /// It is kept, and neither indexed nor served.
    Quarantined,
    /// Its site has recalled it: it is kept until it is erased, and neither indexed nor served.
    Recalled,
    /// Its key is destroyed and its bytes are deleted; the row remains as a tombstone.
    Erased,
}

impl State {
    /// Whether the site still stands by it: neither recalled nor erased.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Stored | Self::Quarantined)
    }
}

macro_rules! words {
    ($type:ty { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// The word that tables and answers use.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
        impl std::str::FromStr for $type {
            type Err = StoreError;
            fn from_str(word: &str) -> Result<Self, StoreError> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(StoreError::Corrupt("kind or state")),
                }
            }
        }
    };
}
words!(Kind { Instance = "instance", Clinical = "clinical" });
words!(State {
    Stored = "stored",
    Quarantined = "quarantined",
    Recalled = "recalled",
    Erased = "erased",
});

/// A sealed object that has arrived, before the store has decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewObject {
    /// SHA-256 of the sealed bytes: its name.
    pub digest: ObjectDigest,
    /// Who sent it.
    pub site: SiteId,
    /// Whom it is about.
    pub subject: SubjectId,
    /// What it holds.
    pub kind: Kind,
    /// SOP instance UID or record id.
    pub uid: String,
    /// Version of the de-identification profile that it passed.
    pub profile: String,
    /// Size of the sealed bytes.
    pub size_bytes: u64,
    /// The number that the edge gave it.
    pub sequence: u64,
    /// A digest of the plain bytes, to know a resent object again.
    pub content_digest: Vec<u8>,
    /// The object key under the subject's key, as `custody` made it.
    pub wrapped_key: Vec<u8>,
    /// When the last byte became durable.
    pub received_at: Timestamp,
    /// Set when the object must wait for a person, whatever the store finds; the reason's word.
    pub quarantine: Option<String>,
}

/// A sealed object as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// SHA-256 of the sealed bytes: its name.
    pub digest: ObjectDigest,
    /// Who sent it.
    pub site: SiteId,
    /// Whom it is about.
    pub subject: SubjectId,
    /// What it holds.
    pub kind: Kind,
    /// SOP instance UID or record id.
    pub uid: String,
    /// 1 for the first content under this UID; later contents count on and wait in quarantine.
    pub version: u64,
    /// Version of the de-identification profile that it passed.
    pub profile: String,
    /// Whether it counts.
    pub state: State,
    /// Why it is quarantined.
    pub reason: Option<String>,
    /// Size of the sealed bytes.
    pub size_bytes: u64,
    /// The number that the edge gave it.
    pub sequence: u64,
    /// A digest of the plain bytes.
    pub content_digest: Vec<u8>,
    /// The object key under the subject's key.
    pub wrapped_key: Vec<u8>,
    /// When the last byte became durable.
    pub received_at: Timestamp,
    /// The audit line that tells of its arrival.
    pub audit_sequence: u64,
}

/// What became of an object that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Committed {
    /// It is kept: stored, or in quarantine (see [`Object::state`]).
    New(Object),
    /// The same content is here already, under this object (whose digest may differ: it was sealed anew).
    /// The bytes just uploaded can be thrown away.
    AlreadyHere(Object),
    /// It cannot be received; nothing was changed.
    Refused(Refused),
}

/// The word for "same UID, other content".
pub const VERSION_CONFLICT: &str = "version-conflict";

macro_rules! columns {
    () => {
        "digest, site_id, subject_id, kind, uid, version, profile, state, reason, size_bytes, sequence, \
         content_digest, wrapped_key, received_at, audit_sequence"
    };
}

const FIND: &str = concat!("SELECT ", columns!(), " FROM object WHERE digest = $1");
const VERSIONS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM object WHERE site_id = $1 AND kind = $2 AND uid = $3 ORDER BY version"
);
const OF_INSTANCE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM object WHERE digest = (SELECT object_digest FROM instance WHERE uid = $1)"
);
const IN_STATE: &str =
    concat!("SELECT ", columns!(), " FROM object WHERE state = $1 AND digest > $2 ORDER BY digest LIMIT $3");
const INSERT: &str = concat!(
    "INSERT INTO object (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
);
const TOTALS: &str = "SELECT kind, state, COUNT(*) AS objects, CAST(SUM(size_bytes) AS BIGINT) AS bytes \
    FROM object GROUP BY kind, state ORDER BY kind, state";

/// The object with this digest.
///
/// # Errors
/// A database error.
pub async fn find(source: impl Source, digest: &ObjectDigest) -> Result<Option<Object>, StoreError> {
    source.first(FIND.into(), params![digest]).await?.map(|row| read(&row)).transpose()
}

/// Every version under a site's UID, oldest first.
///
/// # Errors
/// A database error.
pub async fn versions(
    source: impl Source,
    site: &SiteId,
    kind: Kind,
    uid: &str,
) -> Result<Vec<Object>, StoreError> {
    source.all(VERSIONS.into(), params![site, kind.as_str(), uid]).await?.iter().map(read).collect()
}

/// The object of an indexed instance.
///
/// # Errors
/// A database error.
pub async fn of_instance(source: impl Source, uid: &str) -> Result<Option<Object>, StoreError> {
    source.first(OF_INSTANCE.into(), params![uid]).await?.map(|row| read(&row)).transpose()
}

/// The next `limit` objects of a state by digest, after `after`.
///
/// # Errors
/// A database error.
pub async fn in_state(
    source: impl Source,
    state: State,
    after: Option<&ObjectDigest>,
    limit: u32,
) -> Result<Vec<Object>, StoreError> {
    let after = after.map_or("", ObjectDigest::as_str);
    source.all(IN_STATE.into(), params![state.as_str(), after, limit]).await?.iter().map(read).collect()
}

/// How many objects there are of a kind and state, and their size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// What they hold.
    pub kind: Kind,
    /// Whether they count.
    pub state: State,
    /// How many.
    pub objects: u64,
    /// Sum of their sealed bytes.
    pub size_bytes: u64,
}

/// How many objects there are, by kind and state.
///
/// # Errors
/// A database error.
pub async fn totals(source: impl Source) -> Result<Vec<Total>, StoreError> {
    let rows = source.all(TOTALS.into(), params![]).await?;
    rows.iter()
        .map(|row| {
            Ok(Total {
                kind: row.parsed("kind")?,
                state: row.parsed("state")?,
                objects: row.unsigned("objects")?,
                size_bytes: row.unsigned("bytes")?,
            })
        })
        .collect()
}

pub(super) async fn insert(tx: &mut Tx, object: &Object) -> Result<(), StoreError> {
    let row = params![
        &object.digest,
        &object.site,
        &object.subject,
        object.kind.as_str(),
        &object.uid,
        object.version,
        &object.profile,
        object.state.as_str(),
        object.reason.as_deref(),
        object.size_bytes,
        object.sequence,
        &object.content_digest,
        &object.wrapped_key,
        object.received_at,
        object.audit_sequence,
    ];
    tx.execute(INSERT, row).await.map(|_| ())
}

fn read(row: &Row) -> Result<Object, StoreError> {
    Ok(Object {
        digest: row.parsed("digest")?,
        site: row.parsed("site_id")?,
        subject: row.parsed("subject_id")?,
        kind: row.parsed("kind")?,
        uid: row.text("uid")?,
        version: row.unsigned("version")?,
        profile: row.text("profile")?,
        state: row.parsed("state")?,
        reason: row.optional_text("reason")?,
        size_bytes: row.unsigned("size_bytes")?,
        sequence: row.unsigned("sequence")?,
        content_digest: row.blob("content_digest")?,
        wrapped_key: row.blob("wrapped_key")?,
        received_at: row.time("received_at")?,
        audit_sequence: row.unsigned("audit_sequence")?,
    })
}
