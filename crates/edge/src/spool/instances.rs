//! Received instances and what became of them.

use serde_json::json;
use sqlx::Row;
use sumgil_custody::local::Cell;
use sumgil_deid::Overrule;

use crate::EdgeError;

use super::{Db, Location, LookUp, now_us};

/// Where an instance stands at the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Encrypted on disk, to be de-identified when its study is quiet.
    Held,
    /// The policy keeps it here.
    Waiting,
    /// Waits for a person.
    Quarantined,
    /// Can never be de-identified; kept encrypted until discarded.
    Refused,
    /// De-identified and sealed; its object says how far it got.
    Sealed,
    /// A person has thrown it away.
    Discarded,
    /// A person has taken it back; received again, it is looked at anew.
    Recalled,
}

impl State {
    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Waiting => "waiting",
            Self::Quarantined => "quarantined",
            Self::Refused => "refused",
            Self::Sealed => "sealed",
            Self::Discarded => "discarded",
            Self::Recalled => "recalled",
        }
    }

    pub(super) fn stored(word: &str) -> Self {
        match word {
            "held" => Self::Held,
            "waiting" => Self::Waiting,
            "quarantined" => Self::Quarantined,
            "refused" => Self::Refused,
            "discarded" => Self::Discarded,
            "recalled" => Self::Recalled,
            _ => Self::Sealed,
        }
    }
}

/// An instance whose encrypted copy is durable and whose row is not yet there.
#[derive(Clone)]
pub struct Arrival {
    /// Of the SOP instance UID.
    pub sop_key: LookUp,
    /// Of the data set and its transfer syntax.
    pub content_key: LookUp,
    /// Of the pixel data and its transfer syntax.
    pub pixel_key: LookUp,
    /// Of the study instance UID.
    pub study_key: LookUp,
    /// Of issuer and patient ID.
    pub patient_key: LookUp,
    /// Modality, upper case.
    pub modality: String,
    /// Manufacturer and model.
    pub device: String,
    /// Microseconds UTC.
    pub received_at: i64,
    /// The encrypted copy.
    pub location: Location,
}

/// What the row says once it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The row.
    pub id: i64,
    /// Where it stands.
    pub state: State,
    /// The same content under the same UID had been received before.
    pub seen_before: bool,
}

/// A study of which nothing has arrived for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuietStudy {
    /// Which one.
    pub study_key: LookUp,
}

/// One held instance of a study.
#[derive(Clone)]
pub struct HeldInstance {
    /// The row.
    pub id: i64,
    /// Of the SOP instance UID.
    pub sop_key: LookUp,
    /// Of the content; with `sop_key` the name of the encrypted copy.
    pub content_key: LookUp,
    /// Of the pixel data.
    pub pixel_key: LookUp,
    /// Of the patient.
    pub patient_key: LookUp,
    /// Of manufacturer and model; empty for what came before devices were noted.
    pub device_key: LookUp,
    /// What a person has decided for it.
    pub overrule: Overrule,
    /// Whether a person has looked at it and released it.
    pub released: bool,
    /// The encrypted copy.
    pub location: Location,
}

impl HeldInstance {
    /// The name that its encrypted copy is bound to.
    pub fn name(&self) -> String {
        copy_name(&self.sop_key, &self.content_key)
    }
}

/// The name that the encrypted copy of an instance is bound to.
pub(crate) fn copy_name(sop_key: &LookUp, content_key: &LookUp) -> String {
    format!("{sop_key}{content_key}")
}

const INSERT: &str = "
INSERT INTO instances (sop_key, content_key, study_key, patient_key, received_at, modality, state,
  segment, offset, length, pixel_key, device, device_key, conflicts)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, 'held',
  value ->> 6, value ->> 7, value ->> 8, value ->> 9, unhex(value ->> 10), value ->> 11,
  (SELECT count(*) FROM instances i WHERE i.sop_key = value ->> 0)
FROM json_each(?1) WHERE true
ON CONFLICT (sop_key, content_key) DO UPDATE SET
  seen = CASE WHEN state = 'recalled' THEN 1 ELSE seen + 1 END,
  segment = CASE WHEN reasons = 'damaged-copy' OR state = 'recalled' THEN excluded.segment ELSE segment END,
  offset = CASE WHEN reasons = 'damaged-copy' OR state = 'recalled' THEN excluded.offset ELSE offset END,
  length = CASE WHEN reasons = 'damaged-copy' OR state = 'recalled' THEN excluded.length ELSE length END,
  state = CASE WHEN reasons = 'damaged-copy' OR state = 'recalled' THEN 'held' ELSE state END,
  received_at =
    CASE WHEN reasons = 'damaged-copy' OR state = 'recalled' THEN excluded.received_at ELSE received_at END,
  reasons = CASE WHEN reasons = 'damaged-copy' THEN '' ELSE reasons END
RETURNING id, sop_key, content_key, state, seen";

const QUIET: &str = "
SELECT study_key FROM instances WHERE state = 'held'
GROUP BY study_key HAVING max(received_at) <= ?1 OR max(received_at) > ?2 OR min(ready) = 1
ORDER BY max(received_at) LIMIT 256";

/// How far ahead of the clock an arrival may be before the clock is taken to have been set back.
const CLOCK_SLACK_US: i64 = 60_000_000;

const HELD: &str = "
SELECT id, sop_key, content_key, pixel_key, patient_key, device_key, overrule, released_at, segment, offset, length
FROM instances WHERE state = 'held' AND study_key = ?1 ORDER BY id";

const READY: &str = "
UPDATE instances SET ready = 1 WHERE state = 'held' AND id IN (SELECT value FROM json_each(?1))";

const POLICY: &str = "SELECT value FROM counters WHERE name = 'policy'";

const SET_POLICY: &str = "
INSERT INTO counters (name, value) VALUES ('policy', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

const RECONSIDER: &str = "UPDATE instances SET state = 'held', ready = 1 WHERE state = 'waiting'";

impl Db {
    /// Records a group of arrivals in one transaction; the answers are in the order of the arrivals.
    ///
    /// # Errors
    /// [`EdgeError::Database`]: then nothing of the group is recorded.
    pub async fn record_arrivals(&self, group: &[Arrival]) -> Result<Vec<Arrived>, EdgeError> {
        let rows: Vec<_> = group
            .iter()
            .map(|a| {
                let device = self.encrypt(device_cell(a.content_key.as_str()), a.device.as_bytes())?;
                Ok(json!([
                    a.sop_key.as_str(),
                    a.content_key.as_str(),
                    a.study_key.as_str(),
                    a.patient_key.as_str(),
                    a.received_at,
                    a.modality,
                    a.location.segment,
                    a.location.offset,
                    a.location.length,
                    a.pixel_key.as_str(),
                    hex::encode(device),
                    self.look_up("device", &[&a.device]).as_str()
                ]))
            })
            .collect::<Result<_, EdgeError>>()?;
        let text = serde_json::Value::from(rows).to_string();
        let rows = sqlx::query(INSERT).bind(text).fetch_all(self.writer()).await?;
        let mut found = std::collections::HashMap::with_capacity(rows.len());
        for row in &rows {
            let key: (String, String) = (row.get("sop_key"), row.get("content_key"));
            found.entry(key).or_insert_with(Vec::new).push(Arrived {
                id: row.get("id"),
                state: State::stored(row.get("state")),
                seen_before: row.get::<i64, _>("seen") > 1,
            });
        }
        group
            .iter()
            .map(|a| {
                let list =
                    found.get_mut(&(a.sop_key.as_str().to_owned(), a.content_key.as_str().to_owned()))?;
                Some(if list.len() > 1 { list.remove(0) } else { *list.first()? })
            })
            .collect::<Option<Vec<_>>>()
            .ok_or(EdgeError::Damaged("edge.db did not return the recorded rows"))
    }

    /// Studies of which nothing has arrived since `before`, or which may go at once. What claims to have arrived
    /// after now was received before the clock was set back, and is quiet too.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn quiet_studies(&self, before: i64) -> Result<Vec<QuietStudy>, EdgeError> {
        let keys: Vec<String> = sqlx::query_scalar(QUIET)
            .bind(before)
            .bind(now_us() + CLOCK_SLACK_US)
            .fetch_all(self.reader())
            .await?;
        Ok(keys.into_iter().map(|k| QuietStudy { study_key: LookUp::stored(k) }).collect())
    }

    /// The held instances of a study, in the order of their arrival.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn held_instances(&self, study: &LookUp) -> Result<Vec<HeldInstance>, EdgeError> {
        let rows = sqlx::query(HELD).bind(study.as_str()).fetch_all(self.reader()).await?;
        rows.iter()
            .map(|row| {
                Ok(HeldInstance {
                    id: row.get("id"),
                    sop_key: LookUp::stored(row.get("sop_key")),
                    content_key: LookUp::stored(row.get("content_key")),
                    pixel_key: LookUp::stored(row.get("pixel_key")),
                    patient_key: LookUp::stored(row.get("patient_key")),
                    device_key: LookUp::stored(row.get("device_key")),
                    overrule: overrule_of(row.get("overrule"))?,
                    released: row.get::<Option<i64>, _>("released_at").is_some(),
                    location: Location::of_row(row),
                })
            })
            .collect()
    }

    /// Lets the studies of these instances go without waiting for quiet.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn mark_ready(&self, ids: &[i64]) -> Result<(), EdgeError> {
        let text = serde_json::Value::from(ids).to_string();
        sqlx::query(READY).bind(text).execute(self.writer()).await?;
        Ok(())
    }

    /// Brings everything that the policy kept back before the policy again, if the policy with this fingerprint is
    /// another than the last one.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn reconsider_under(&self, policy: &LookUp) -> Result<(), EdgeError> {
        let short = policy.as_str().get(..15).and_then(|hex| i64::from_str_radix(hex, 16).ok()).unwrap_or(0);
        let mut tx = self.begin().await?;
        let last: Option<i64> = sqlx::query_scalar(POLICY).fetch_optional(&mut *tx).await?;
        if last != Some(short) {
            sqlx::query(SET_POLICY).bind(short).execute(&mut *tx).await?;
            sqlx::query(RECONSIDER).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Where the name of a device is encrypted for.
pub(super) fn device_cell(content_key: &str) -> Cell<'_> {
    Cell { table: "instances", row: content_key, column: "device" }
}

/// What the column says that a person decided.
pub(super) fn overrule_of(text: &str) -> Result<Overrule, EdgeError> {
    match text {
        "" => Ok(Overrule::none()),
        text => serde_json::from_str(text).map_err(|_| EdgeError::Damaged("a decision's row")),
    }
}

/// The codes of a comma-separated column.
pub(super) fn split_codes(text: &str) -> Vec<String> {
    text.split(',').filter(|c| !c.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use sumgil_custody::{LocalKey, Secret};

    use super::*;

    fn arrival(db: &Db, sop: &str, content: &str, at: i64) -> Arrival {
        Arrival {
            sop_key: db.look_up("sop", &[sop]),
            content_key: db.look_up("content", &[content]),
            pixel_key: db.look_up("pixels", &[content]),
            study_key: db.look_up("study", &["1.2"]),
            patient_key: db.look_up("patient", &["hanbit", "7"]),
            modality: "CT".into(),
            device: "Hanul DX-1".into(),
            received_at: at,
            location: Location { segment: "s".into(), offset: 0, length: 9 },
        }
    }

    #[tokio::test]
    async fn resends_are_recognised_and_other_content_is_flagged() {
        let dir = tempfile::tempdir().unwrap();
        let key = Arc::new(LocalKey::from_bytes([1; 32]));
        let db = Db::open(&dir.path().join("edge.db"), key).await.unwrap();
        let at = now_us();
        let group = [arrival(&db, "1", "a", at), arrival(&db, "1", "a", at), arrival(&db, "2", "b", at)];
        let first = db.record_arrivals(&group).await.unwrap();
        let seen: Vec<bool> = first.iter().map(|a| a.seen_before).collect();
        assert_eq!(seen, [false, true, false], "twice in one group");
        assert_eq!(first[0].id, first[1].id);
        let again = db.record_arrivals(&group[2..]).await.unwrap();
        assert_eq!((again[0].id, again[0].seen_before), (first[2].id, true));
        db.record_arrivals(&[arrival(&db, "1", "changed", at)]).await.unwrap();
        let counts = db.counts().await.unwrap();
        assert_eq!((counts.held, counts.received_again, counts.conflicting), (3, 2, 1));
    }

    #[tokio::test]
    async fn a_study_is_quiet_after_a_while_or_when_the_clock_was_set_back() {
        let dir = tempfile::tempdir().unwrap();
        let key = Arc::new(LocalKey::from_bytes([1; 32]));
        let db = Db::open(&dir.path().join("edge.db"), key).await.unwrap();
        let now = now_us();
        let id = db.record_arrivals(&[arrival(&db, "1", "a", now)]).await.unwrap()[0].id;
        assert_eq!(db.quiet_studies(now - 1).await.unwrap(), []);
        assert_eq!(db.quiet_studies(now).await.unwrap().len(), 1);
        db.mark_ready(&[id]).await.unwrap();
        assert_eq!(db.quiet_studies(now - 1).await.unwrap().len(), 1, "ready at once");
        let year = 365 * 86_400 * 1_000_000_i64;
        db.record_arrivals(&[arrival(&db, "2", "b", now + year)]).await.unwrap();
        assert_eq!(db.quiet_studies(now - 1).await.unwrap().len(), 1, "the clock was a year ahead");
    }
}
