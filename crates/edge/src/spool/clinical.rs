//! Clinical records: which parts have been sent in which revision, and exam notes that wait for their study.

use sqlx::Row;
use sumgil_custody::local::Cell;
use zeroize::Zeroizing;

use crate::EdgeError;

use super::{Db, LookUp, NewObject, now_us, settle::insert_objects};

/// A clinical record that is sealed and durable in the spool.
pub struct NewRecord {
    /// The sealed object.
    pub object: NewObject,
    /// Which part of the patient's data it carries: `subjects`, `labs`, or `exam:` and the accession's fingerprint.
    pub parts: Vec<(String, LookUp)>,
    /// Its revision.
    pub revision: i64,
    /// Exam notes that go with it.
    pub notes: Vec<i64>,
}

/// An exam note whose study may have arrived.
pub struct WaitingNote {
    /// The row.
    pub id: i64,
    /// Of the accession number.
    pub accession_key: LookUp,
    /// Of its content.
    pub content_key: LookUp,
    /// The note as it was imported.
    pub body: Zeroizing<Vec<u8>>,
}

const REVISION: &str = "
UPDATE counters SET value = max(value + 1, ?1) WHERE name = 'revision' RETURNING value";

const PART: &str = "SELECT content_key FROM clinical WHERE patient_key = ?1 AND part = ?2";

const SAVE_PART: &str = "
INSERT INTO clinical (patient_key, part, content_key, revision, sequence) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (patient_key, part) DO UPDATE
SET content_key = excluded.content_key, revision = excluded.revision, sequence = excluded.sequence";

const SAVE_NOTE: &str = "
INSERT INTO notes (patient_key, accession_key, content_key, body, state, imported_at)
VALUES (?1, ?2, ?3, ?4, 'waiting', ?5)
ON CONFLICT (accession_key) DO UPDATE
SET content_key = excluded.content_key, body = excluded.body, state = 'waiting', imported_at = excluded.imported_at
WHERE notes.content_key <> excluded.content_key";

const NOTES: &str = "
SELECT n.id, n.accession_key, n.content_key, n.body FROM notes n
JOIN accessions a ON a.accession_key = n.accession_key
WHERE n.patient_key = ?1 AND n.state = 'waiting' ORDER BY n.id";

const PATIENTS_WITH_NOTES: &str = "
SELECT DISTINCT n.patient_key FROM notes n JOIN accessions a ON a.accession_key = n.accession_key
WHERE n.state = 'waiting' LIMIT 256";

const NOTE_SENT: &str = "UPDATE notes SET state = 'sent' WHERE id = ?1 AND state = 'waiting'";

fn note_cell(accession: &LookUp) -> Cell<'_> {
    Cell { table: "notes", row: accession.as_str(), column: "body" }
}

impl Db {
    /// The next revision of clinical records: the time in microseconds UTC, or one more than the last. So it grows
    /// also on a machine that was set up anew from a backup of the keys.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn next_revision(&self) -> Result<i64, EdgeError> {
        Ok(sqlx::query_scalar(REVISION).bind(now_us()).fetch_one(self.writer()).await?)
    }

    /// Whether this part of the patient's data has been sealed with this content already.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn part_is_known(
        &self,
        patient: &LookUp,
        part: &str,
        content: &LookUp,
    ) -> Result<bool, EdgeError> {
        let known: Option<String> =
            sqlx::query_scalar(PART).bind(patient.as_str()).bind(part).fetch_optional(self.reader()).await?;
        Ok(known.as_deref() == Some(content.as_str()))
    }

    /// Commits sealed records, all or none. False when another process has sent one of their notes meanwhile.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn save_records(&self, records: &[NewRecord]) -> Result<bool, EdgeError> {
        let mut tx = self.begin().await?;
        let objects: Vec<&NewObject> = records.iter().map(|r| &r.object).collect();
        if objects.is_empty() {
            return Ok(true);
        }
        let first = insert_objects(&mut tx, &objects).await?;
        for (record, sequence) in records.iter().zip(first..) {
            for (part, content) in &record.parts {
                sqlx::query(SAVE_PART)
                    .bind(record.object.patient_key.as_str())
                    .bind(part)
                    .bind(content.as_str())
                    .bind(record.revision)
                    .bind(sequence)
                    .execute(&mut *tx)
                    .await?;
            }
            for note in &record.notes {
                let done = sqlx::query(NOTE_SENT).bind(note).execute(&mut *tx).await?;
                if done.rows_affected() == 0 {
                    tx.rollback().await?;
                    return Ok(false);
                }
            }
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Keeps an exam note until its study arrives. The same note again changes nothing.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn save_note(
        &self,
        patient: &LookUp,
        accession: &LookUp,
        content: &LookUp,
        body: &[u8],
    ) -> Result<bool, EdgeError> {
        let done = sqlx::query(SAVE_NOTE)
            .bind(patient.as_str())
            .bind(accession.as_str())
            .bind(content.as_str())
            .bind(self.encrypt(note_cell(accession), body)?)
            .bind(now_us())
            .execute(self.writer())
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Patients with waiting notes whose study is here.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn patients_with_ripe_notes(&self) -> Result<Vec<LookUp>, EdgeError> {
        let keys: Vec<String> = sqlx::query_scalar(PATIENTS_WITH_NOTES).fetch_all(self.reader()).await?;
        Ok(keys.into_iter().map(LookUp::stored).collect())
    }

    /// The waiting notes of a patient whose study is here.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn ripe_notes(&self, patient: &LookUp) -> Result<Vec<WaitingNote>, EdgeError> {
        let rows = sqlx::query(NOTES).bind(patient.as_str()).fetch_all(self.reader()).await?;
        rows.iter()
            .map(|row| {
                let accession_key = LookUp::stored(row.get("accession_key"));
                let body = self.decrypt(note_cell(&accession_key), row.get("body"))?;
                Ok(WaitingNote {
                    id: row.get("id"),
                    content_key: LookUp::stored(row.get("content_key")),
                    accession_key,
                    body,
                })
            })
            .collect()
    }
}
