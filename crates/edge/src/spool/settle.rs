//! The turn in an instance's life: from held to sealed, waiting, quarantined or refused, in one transaction.

use serde_json::json;
use sqlx::{Row, Sqlite, Transaction};

use crate::EdgeError;

use super::{Db, Location, LookUp, State, now_us};

/// What becomes of one held instance.
pub struct Settled {
    /// The row.
    pub instance: i64,
    /// What becomes of it.
    pub to: Settlement,
}

/// Where an instance goes from the hold.
pub enum Settlement {
    /// To the spool.
    Sealed(NewObject),
    /// It stays here, its encrypted copy in another room.
    Kept {
        /// Waiting, quarantined or refused.
        state: State,
        /// Machine words, without patient data.
        reasons: Vec<String>,
        /// The copy, encrypted for the other room.
        location: Location,
    },
}

/// A sealed object whose bytes are durable in the spool.
pub struct NewObject {
    /// SHA-256 of the sealed bytes.
    pub digest: String,
    /// `instance` or `clinical`.
    pub kind: &'static str,
    /// New SOP instance UID or record id.
    pub uid: String,
    /// The subject.
    pub subject: String,
    /// The patient's fingerprint.
    pub patient_key: LookUp,
    /// The offer's manifest as JSON; its sequence number is set when it is offered.
    pub manifest: String,
    /// The sealed bytes in the spool.
    pub location: Location,
    /// The cleared headers, encrypted: what is searched when more identifiers become known.
    pub headers: Vec<u8>,
}

const RESERVE: &str = "UPDATE counters SET value = value + ?1 WHERE name = 'sequence' RETURNING value";

const SEAL: &str = "
INSERT INTO objects (sequence, digest, kind, uid, subject, patient_key, size_bytes, state, manifest,
  segment, offset, length, spooled_at, headers)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, 'spooled',
  value ->> 7, value ->> 8, value ->> 9, value ->> 6, ?2, unhex(value ->> 10)
FROM json_each(?1)";

const SEALED: &str = "
UPDATE instances SET state = 'sealed', reasons = '', decided_at = ?2, sequence = j.value ->> 1,
  segment = NULL, offset = NULL, length = NULL
FROM json_each(?1) AS j WHERE instances.id = j.value ->> 0 AND instances.state = 'held'";

const KEPT: &str = "
UPDATE instances SET state = j.value ->> 1, reasons = j.value ->> 2, decided_at = ?2, ready = 0,
  segment = j.value ->> 3, offset = j.value ->> 4, length = j.value ->> 5
FROM json_each(?1) AS j WHERE instances.id = j.value ->> 0 AND instances.state = 'held'";

const UNUSED: &str = "
SELECT value FROM json_each(?1)
WHERE NOT EXISTS (SELECT 1 FROM instances WHERE segment = value)
  AND NOT EXISTS (SELECT 1 FROM objects WHERE segment = value)";

impl Db {
    /// Commits what became of a group of held instances. Only after this may their hold copies be freed.
    ///
    /// # Errors
    /// [`EdgeError::Database`]: then nothing has changed.
    pub async fn settle(&self, group: &[Settled]) -> Result<(), EdgeError> {
        let mut tx = self.begin().await?;
        let objects: Vec<(i64, &NewObject)> = group
            .iter()
            .filter_map(|s| match &s.to {
                Settlement::Sealed(object) => Some((s.instance, object)),
                Settlement::Kept { .. } => None,
            })
            .collect();
        if !objects.is_empty() {
            let news: Vec<&NewObject> = objects.iter().map(|(_, o)| *o).collect();
            let first = insert_objects(&mut tx, &news).await?;
            let rows: Vec<_> =
                objects.iter().zip(first..).map(|((id, _), sequence)| json!([id, sequence])).collect();
            run(&mut tx, SEALED, rows).await?;
        }
        let kept: Vec<_> = group
            .iter()
            .filter_map(|s| match &s.to {
                Settlement::Kept { state, reasons, location: l } => Some(json!([
                    s.instance,
                    state.as_str(),
                    reasons.join(","),
                    l.segment,
                    l.offset,
                    l.length
                ])),
                Settlement::Sealed(_) => None,
            })
            .collect();
        if !kept.is_empty() {
            run(&mut tx, KEPT, kept).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Which of `segments` no row points into.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn unused_segments(&self, segments: &[String]) -> Result<Vec<String>, EdgeError> {
        let text = serde_json::Value::from(segments).to_string();
        Ok(sqlx::query_scalar(UNUSED).bind(text).fetch_all(self.writer()).await?)
    }
}

async fn run(
    tx: &mut Transaction<'_, Sqlite>,
    statement: &'static str,
    rows: Vec<serde_json::Value>,
) -> Result<(), EdgeError> {
    let text = serde_json::Value::from(rows).to_string();
    sqlx::query(statement).bind(text).bind(now_us()).execute(&mut **tx).await?;
    Ok(())
}

/// Inserts spooled objects with consecutive sequence numbers and returns the first.
pub(super) async fn insert_objects(
    tx: &mut Transaction<'_, Sqlite>,
    objects: &[&NewObject],
) -> Result<i64, EdgeError> {
    let count = objects.len() as i64;
    let last: i64 = sqlx::query(RESERVE).bind(count).fetch_one(&mut **tx).await?.get(0);
    let first = last - count + 1;
    let rows: Vec<_> = objects
        .iter()
        .zip(first..)
        .map(|(o, sequence)| {
            json!([
                sequence,
                o.digest,
                o.kind,
                o.uid,
                o.subject,
                o.patient_key.as_str(),
                o.location.length,
                o.manifest,
                o.location.segment,
                o.location.offset,
                hex::encode(&o.headers)
            ])
        })
        .collect();
    run(tx, SEAL, rows).await?;
    Ok(first)
}
