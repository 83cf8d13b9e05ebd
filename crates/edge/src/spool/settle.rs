//! The turn in an instance's life: from held to sealed, waiting, quarantined or refused, in one transaction.

use std::collections::HashMap;

use serde_json::json;
use sqlx::{Row, Sqlite, Transaction};

use crate::EdgeError;

use super::{
    Db, Location, LookUp, State, now_us,
    samples::{NewSample, insert_samples},
};

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
    /// New study UID; empty for clinical records.
    pub study: String,
    /// Of the cleared header and the pixels: an object with the same UID and this is the same object. Empty for
    /// clinical records, which are never the same.
    pub cleared_key: String,
    /// The patient's fingerprint.
    pub patient_key: LookUp,
    /// The offer's manifest as JSON; its sequence number is set when it is offered.
    pub manifest: String,
    /// The sealed bytes in the spool.
    pub location: Location,
    /// The cleared headers, encrypted: what is searched when more identifiers become known.
    pub headers: Vec<u8>,
    /// What was done to which attribute and by which rule, as JSON; never a value. Empty for clinical records.
    pub evidence: String,
}

const RESERVE: &str = "UPDATE counters SET value = value + ?1 WHERE name = 'sequence' RETURNING value";

const SEAL: &str = "
INSERT INTO objects (sequence, digest, kind, uid, subject, patient_key, size_bytes, state, manifest,
  segment, offset, length, spooled_at, headers, cleared_key, study, evidence)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, 'spooled',
  value ->> 7, value ->> 8, value ->> 9, value ->> 6, ?2, unhex(value ->> 10), value ->> 11, value ->> 12,
  value ->> 13
FROM json_each(?1)";

const SAME: &str = "
SELECT j.key AS at, min(o.sequence) AS sequence FROM json_each(?1) j
JOIN objects o ON o.uid = j.value ->> 0 AND o.cleared_key = j.value ->> 1
WHERE o.cleared_key <> '' AND o.state <> 'recalled' GROUP BY j.key";

const SEALED: &str = "
UPDATE instances SET state = 'sealed', reasons = '', decided_at = ?2, sequence = j.value ->> 1,
  segment = NULL, offset = NULL, length = NULL
FROM json_each(?1) AS j WHERE instances.id = j.value ->> 0 AND instances.state = 'held'";

const KEPT: &str = "
UPDATE instances SET state = j.value ->> 1, reasons = j.value ->> 2, decided_at = ?2, ready = 0,
  segment = j.value ->> 3, offset = j.value ->> 4, length = j.value ->> 5
FROM json_each(?1) AS j WHERE instances.id = j.value ->> 0 AND instances.state = 'held'";

/// While an instance was being sealed, a person may have taken it back, or said that it is another patient's. The last
/// condition leaves out a study whose right patient was merged into somebody: the end of that chain was looked up.
const WANTED: &str = "
SELECT i.id FROM json_each(?1) j JOIN instances i ON i.id = j.value ->> 0
WHERE i.state = 'held'
  AND NOT EXISTS (SELECT 1 FROM aliases a WHERE a.key = j.value ->> 1)
  AND NOT EXISTS (SELECT 1 FROM aliases a WHERE a.key = i.study_key AND a.into_key <> j.value ->> 1
    AND NOT EXISTS (SELECT 1 FROM aliases b WHERE b.key = a.into_key))";

const UNUSED: &str = "
SELECT value FROM json_each(?1)
WHERE NOT EXISTS (SELECT 1 FROM instances WHERE segment = value)
  AND NOT EXISTS (SELECT 1 FROM objects WHERE segment = value)
  AND NOT EXISTS (SELECT 1 FROM samples WHERE segment = value)";

impl Db {
    /// Commits what became of a group of held instances. Only after this may their hold copies be freed.
    ///
    /// # Errors
    /// [`EdgeError::Database`]: then nothing has changed.
    pub async fn settle(&self, group: &[Settled]) -> Result<(), EdgeError> {
        self.settle_with_samples(group, &[]).await
    }

    /// The same, and keeps samples of what was cleared for a person to look at.
    ///
    /// # Errors
    /// [`EdgeError::Database`]: then nothing has changed.
    pub async fn settle_with_samples(
        &self,
        group: &[Settled],
        samples: &[NewSample],
    ) -> Result<(), EdgeError> {
        let mut tx = self.begin().await?;
        let objects: Vec<(i64, &NewObject)> = group
            .iter()
            .filter_map(|s| match &s.to {
                Settlement::Sealed(object) => Some((s.instance, object)),
                Settlement::Kept { .. } => None,
            })
            .collect();
        let objects = still_wanted(&mut tx, objects).await?;
        if !objects.is_empty() {
            let sequences = insert_new(&mut tx, &objects).await?;
            let rows = objects.iter().zip(sequences).map(|((id, _), sequence)| json!([id, sequence]));
            run(&mut tx, SEALED, rows.collect()).await?;
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
        insert_samples(&mut tx, samples).await?;
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

/// Those objects whose instance is still to be sent as it was sealed; the others are held, or taken back.
async fn still_wanted<'a>(
    tx: &mut Transaction<'_, Sqlite>,
    objects: Vec<(i64, &'a NewObject)>,
) -> Result<Vec<(i64, &'a NewObject)>, EdgeError> {
    let rows: Vec<_> = objects.iter().map(|(id, object)| json!([id, object.patient_key.as_str()])).collect();
    let text = serde_json::Value::from(rows).to_string();
    let wanted: Vec<i64> = sqlx::query_scalar(WANTED).bind(text).fetch_all(&mut **tx).await?;
    Ok(objects.into_iter().filter(|(id, _)| wanted.contains(id)).collect())
}

/// Inserts those objects that are not there yet under the same UID with the same cleared content, be it that they
/// were received in another encoding. Returns the sequence number of every object.
async fn insert_new(
    tx: &mut Transaction<'_, Sqlite>,
    objects: &[(i64, &NewObject)],
) -> Result<Vec<i64>, EdgeError> {
    let keys: Vec<_> = objects.iter().map(|(_, o)| json!([o.uid, o.cleared_key])).collect();
    let text = serde_json::Value::from(keys).to_string();
    let found = sqlx::query(SAME).bind(text).fetch_all(&mut **tx).await?;
    let known: HashMap<i64, i64> = found.iter().map(|row| (row.get("at"), row.get("sequence"))).collect();
    let mut first_of: HashMap<(&str, &str), usize> = HashMap::new();
    let mut news: Vec<&NewObject> = Vec::new();
    let mut places = Vec::with_capacity(objects.len());
    for (at, (_, object)) in objects.iter().enumerate() {
        let place = match known.get(&(at as i64)) {
            Some(sequence) => Place::Known(*sequence),
            None => Place::New(
                *first_of.entry((object.uid.as_str(), object.cleared_key.as_str())).or_insert_with(|| {
                    news.push(object);
                    news.len() - 1
                }),
            ),
        };
        places.push(place);
    }
    let first = if news.is_empty() { 0 } else { insert_objects(tx, &news).await? };
    Ok(places
        .into_iter()
        .map(|place| match place {
            Place::Known(sequence) => sequence,
            Place::New(at) => first + at as i64,
        })
        .collect())
}

enum Place {
    Known(i64),
    New(usize),
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
                hex::encode(&o.headers),
                o.cleared_key,
                o.study,
                o.evidence
            ])
        })
        .collect();
    run(tx, SEAL, rows).await?;
    Ok(first)
}
