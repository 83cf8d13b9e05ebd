//! Listings for `check`: every row that should have a partner and has none.

use sumgil_model::ObjectDigest;

use super::{
    StoreError,
    db::{Source, params},
    objects::{Kind, State},
};

/// What `check` needs of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name in the object store.
    pub digest: ObjectDigest,
    /// What it holds.
    pub kind: Kind,
    /// Whether it counts.
    pub state: State,
    /// How many bytes it must have.
    pub size_bytes: u64,
}

/// Something in the tables that cannot be: what, and the row's UID, digest or pseudonym.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub what: &'static str,
    /// Which row.
    pub row: String,
}

const OBJECTS: &str =
    "SELECT digest, kind, state, size_bytes FROM object WHERE digest > $1 ORDER BY digest LIMIT $2";

/// Each finding in words, and the statement that lists its rows.
const RULES: &[(&str, &str)] = &[
    (
        "a stored instance object has no row in the index",
        "SELECT o.digest AS found FROM object o WHERE o.kind = 'instance' AND o.state = 'stored' \
         AND NOT EXISTS (SELECT 1 FROM instance i WHERE i.object_digest = o.digest) ORDER BY o.digest",
    ),
    (
        "an indexed instance's object is quarantined",
        "SELECT i.uid AS found FROM instance i JOIN object o ON o.digest = i.object_digest \
         WHERE o.state <> 'stored' ORDER BY i.uid",
    ),
    (
        "an indexed instance's UID is not its object's",
        "SELECT i.uid AS found FROM instance i JOIN object o ON o.digest = i.object_digest \
         WHERE o.uid <> i.uid ORDER BY i.uid",
    ),
    (
        "an instance's study is not its series' study",
        "SELECT i.uid AS found FROM instance i JOIN series se ON se.uid = i.series_uid \
         WHERE se.study_uid <> i.study_uid ORDER BY i.uid",
    ),
    (
        "an instance's object is about another subject than its study",
        "SELECT i.uid AS found FROM instance i JOIN object o ON o.digest = i.object_digest \
         JOIN study st ON st.uid = i.study_uid WHERE o.subject_id <> st.subject_id ORDER BY i.uid",
    ),
    (
        "a series has no instance",
        "SELECT se.uid AS found FROM series se WHERE NOT EXISTS \
         (SELECT 1 FROM instance i WHERE i.series_uid = se.uid) ORDER BY se.uid",
    ),
    (
        "a study has no series",
        "SELECT st.uid AS found FROM study st WHERE NOT EXISTS \
         (SELECT 1 FROM series se WHERE se.study_uid = st.uid) ORDER BY st.uid",
    ),
    (
        "a stored clinical object has no record",
        "SELECT o.digest AS found FROM object o WHERE o.kind = 'clinical' AND o.state = 'stored' \
         AND NOT EXISTS (SELECT 1 FROM clinical_record c WHERE c.object_digest = o.digest) \
         ORDER BY o.digest",
    ),
    (
        "a subject is enrolled in no protocol",
        "SELECT s.id AS found FROM subject s WHERE NOT EXISTS \
         (SELECT 1 FROM subject_protocol sp WHERE sp.subject_id = s.id) ORDER BY s.id",
    ),
    (
        "an object's audit line is missing",
        "SELECT o.digest AS found FROM object o WHERE NOT EXISTS \
         (SELECT 1 FROM audit a WHERE a.sequence = o.audit_sequence) ORDER BY o.digest",
    ),
    (
        "a recalled or erased object has no tombstone",
        "SELECT o.digest AS found FROM object o WHERE o.state IN ('recalled', 'erased') AND NOT EXISTS \
         (SELECT 1 FROM recalled_object r WHERE r.site_id = o.site_id AND r.digest = o.digest) \
         ORDER BY o.digest",
    ),
    (
        "an erased object still has its key",
        "SELECT o.digest AS found FROM object o WHERE o.state = 'erased' AND length(o.wrapped_key) > 0 \
         ORDER BY o.digest",
    ),
    (
        "a tombstone's object counts again, or is not erased as it says",
        "SELECT o.digest AS found FROM object o \
         JOIN recalled_object r ON r.site_id = o.site_id AND r.digest = o.digest \
         WHERE o.state NOT IN ('recalled', 'erased') OR (o.state = 'erased') <> (r.erased_at IS NOT NULL) \
         ORDER BY o.digest",
    ),
    (
        "a clinical record of a recalled object is still used",
        "SELECT c.object_digest AS found FROM clinical_record c JOIN object o ON o.digest = c.object_digest \
         WHERE o.state <> 'stored' ORDER BY c.object_digest",
    ),
];

/// The next `limit` objects of every kind and state by digest, after `after`.
///
/// # Errors
/// A database error.
pub async fn objects(
    source: impl Source,
    after: Option<&ObjectDigest>,
    limit: u32,
) -> Result<Vec<Listed>, StoreError> {
    let after = after.map_or("", ObjectDigest::as_str);
    let rows = source.all(OBJECTS.into(), params![after, limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(Listed {
                digest: row.parsed("digest")?,
                kind: row.parsed("kind")?,
                state: row.parsed("state")?,
                size_bytes: row.unsigned("size_bytes")?,
            })
        })
        .collect()
}

/// Every contradiction among the tables. Empty in a sound registry.
///
/// # Errors
/// A database error.
pub async fn contradictions(db: &super::Db) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    for (what, sql) in RULES {
        for row in db.all((*sql).into(), params![]).await? {
            findings.push(Finding { what, row: row.text("found")? });
        }
    }
    Ok(findings)
}
