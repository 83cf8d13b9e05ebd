//! A recalled clinical record takes with it what it had set. What an older record had said about the same is not
//! set again: the site sends the tables anew.

use sumgil_model::{ObjectDigest, SubjectId};

use crate::store::{
    StoreError,
    db::{Source, Tx, params},
};

const RECORD: &str = "SELECT subject_id, revision FROM clinical_record WHERE object_digest = $1";
const FORGET_RECORD: &str = "DELETE FROM clinical_record WHERE object_digest = $1";
/// Every statement takes subject and revision.
const FORGET_PARTS: &[&str] = &[
    "DELETE FROM observation WHERE subject_id = $1 AND revision = $2",
    "DELETE FROM stay WHERE subject_id = $1 AND revision = $2",
    "DELETE FROM exam_note WHERE subject_id = $1 AND revision = $2",
    "UPDATE subject SET sex = NULL WHERE id = $1 AND sex_revision = $2",
    "UPDATE subject SET age_years = NULL WHERE id = $1 AND age_revision = $2",
];

/// Takes back what the record in this object had set; nothing for an object that is none.
pub(super) async fn take_back(tx: &mut Tx, digest: &ObjectDigest) -> Result<(), StoreError> {
    let Some(row) = tx.first(RECORD.into(), params![digest]).await? else { return Ok(()) };
    let (subject, revision): (SubjectId, i64) = (row.parsed("subject_id")?, row.integer("revision")?);
    for forget in FORGET_PARTS {
        tx.execute(forget, params![&subject, revision]).await?;
    }
    tx.execute(FORGET_RECORD, params![digest]).await.map(|_| ())
}
