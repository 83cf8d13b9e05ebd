//! Samples of what was cleared: the original waits, encrypted, until a person has compared it with what leaves.

use std::collections::HashMap;

use serde_json::json;
use sqlx::{Row, Sqlite, Transaction};
use sumgil_dicom::pixels::Region;

use crate::EdgeError;

use super::{Db, Decider, Kept, Location, LookUp, now_us};

/// An original that is durable in the samples' room and whose row is not yet there.
pub struct NewSample {
    /// The instance.
    pub instance: i64,
    /// Of its device.
    pub device_key: LookUp,
    /// Where pixels were blacked out.
    pub regions: Vec<Region>,
    /// The encrypted original.
    pub location: Location,
}

/// A sample that waits for a person's look.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The instance, with the sample's copy as its location.
    pub kept: Kept,
    /// When it was taken, microseconds UTC.
    pub at: i64,
    /// Where pixels were blacked out.
    pub regions: Vec<Region>,
    /// How far the object is: `spooled`, `sent` or another word of the spool.
    pub object: String,
    /// The object's sequence number.
    pub sequence: Option<i64>,
}

/// What a person says of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was missed, nothing was lost.
    Good,
    /// Something that identifies was left in.
    TextMissed,
    /// Anatomy was blacked out.
    AnatomyLost,
}

impl Verdict {
    /// The machine word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::TextMissed => "text-missed",
            Self::AnatomyLost => "anatomy-lost",
        }
    }

    /// The verdict with this machine word.
    pub fn of(code: &str) -> Option<Self> {
        [Self::Good, Self::TextMissed, Self::AnatomyLost].into_iter().find(|v| v.code() == code)
    }
}

/// What a verdict led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// The original is given up.
    Done,
    /// The instance waits in quarantine; its object was held back before it was sent.
    HeldBack,
    /// The instance waits in quarantine; its object has been sent and has to be recalled. Its new UID.
    Sent(String),
    /// Somebody has judged it meanwhile.
    Gone,
}

const INSERT: &str = "
INSERT INTO samples (instance, at, device_key, state, regions, segment, offset, length)
SELECT value ->> 0, ?2, value ->> 1, 'unseen', value ->> 2, value ->> 3, value ->> 4, value ->> 5
FROM json_each(?1) WHERE true ON CONFLICT (instance) DO NOTHING";

const BY_DEVICE: &str = "
SELECT device_key, count(*) FROM samples
WHERE device_key IN (SELECT value FROM json_each(?1)) GROUP BY device_key";

const TOO_MANY: &str = "
SELECT instance, segment FROM (
  SELECT instance, segment, row_number() OVER newest AS n, sum(length) OVER newest AS bytes
  FROM samples WHERE state = 'unseen' WINDOW newest AS (ORDER BY at DESC, instance DESC))
WHERE n > ?1 OR bytes > ?2";

const DROP: &str = "
UPDATE samples SET state = 'dropped', segment = NULL, offset = NULL, length = NULL
WHERE instance IN (SELECT value FROM json_each(?1))";

const LIST: &str = "
SELECT i.id, i.sop_key, i.content_key, i.patient_key, i.device, i.device_key, i.state, i.reasons, i.modality,
  i.received_at, i.overrule, s.segment, s.offset, s.length, s.at, s.regions, o.state AS object, o.sequence
FROM samples s JOIN instances i ON i.id = s.instance LEFT JOIN objects o ON o.sequence = i.sequence
WHERE s.state = 'unseen' AND (?1 < 0 OR s.instance = ?1) AND s.instance > ?2 ORDER BY s.instance LIMIT ?3";

const BEFORE: &str = "SELECT max(instance) FROM samples WHERE state = 'unseen' AND instance < ?1";

const JUDGE: &str = "
UPDATE samples SET state = ?2, who = ?3, judged_at = ?4, segment = NULL, offset = NULL, length = NULL
WHERE instance = ?1 AND state = 'unseen'";

const TO_QUARANTINE: &str = "
UPDATE instances SET state = 'quarantined', reasons = ?2, ready = 0, decided_at = ?3, sequence = NULL,
  segment = ?4, offset = ?5, length = ?6
WHERE id = ?1 AND state = 'sealed'";

const OBJECT: &str = "
SELECT o.sequence, o.state, o.uid, o.segment FROM objects o JOIN instances i ON i.sequence = o.sequence
WHERE i.id = ?1";

const WITHHOLD: &str = "
UPDATE objects SET state = 'withheld', code = ?2, manifest = NULL, cleared_key = '',
  segment = NULL, offset = NULL, length = NULL
WHERE sequence = ?1 AND state IN ('spooled', 'refused')";

const FORGET_CLEARED: &str = "UPDATE objects SET cleared_key = '' WHERE sequence = ?1";

const ALARM: &str = "
INSERT INTO alarms (at, code, sequence, detail) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (code, sequence, detail) DO NOTHING";

pub(super) async fn insert_samples(
    tx: &mut Transaction<'_, Sqlite>,
    samples: &[NewSample],
) -> Result<(), EdgeError> {
    if samples.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = samples
        .iter()
        .map(|s| {
            let regions = json!(s.regions).to_string();
            let l = &s.location;
            json!([s.instance, s.device_key.as_str(), regions, l.segment, l.offset, l.length])
        })
        .collect();
    sqlx::query(INSERT).bind(json!(rows).to_string()).bind(now_us()).execute(&mut **tx).await?;
    Ok(())
}

impl Db {
    /// How many samples there have been of each of these devices.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn sampled(&self, devices: &[&LookUp]) -> Result<HashMap<LookUp, u64>, EdgeError> {
        let list = serde_json::Value::from_iter(devices.iter().map(|d| d.as_str())).to_string();
        let rows: Vec<(String, i64)> = sqlx::query_as(BY_DEVICE).bind(list).fetch_all(self.reader()).await?;
        Ok(rows.into_iter().map(|(key, n)| (LookUp::stored(key), n as u64)).collect())
    }

    /// Drops the oldest unseen samples beyond `most` or beyond `most_bytes`. Returns the segments that may now be
    /// unused.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn drop_samples_beyond(&self, most: u64, most_bytes: u64) -> Result<Vec<String>, EdgeError> {
        let mut tx = self.begin().await?;
        let rows: Vec<(i64, Option<String>)> =
            sqlx::query_as(TOO_MANY).bind(most as i64).bind(most_bytes as i64).fetch_all(&mut *tx).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ids = serde_json::Value::from_iter(rows.iter().map(|row| row.0)).to_string();
        sqlx::query(DROP).bind(ids).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(rows.into_iter().filter_map(|row| row.1).collect())
    }

    /// Unseen samples after instance `after`, oldest first.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn samples(&self, after: i64, most: i64) -> Result<Vec<Sample>, EdgeError> {
        self.some_samples(-1, after, most).await
    }

    /// The unseen sample of this instance.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn sample(&self, instance: i64) -> Result<Option<Sample>, EdgeError> {
        Ok(self.some_samples(instance, -1, 1).await?.pop())
    }

    async fn some_samples(&self, instance: i64, after: i64, most: i64) -> Result<Vec<Sample>, EdgeError> {
        let rows = sqlx::query(LIST).bind(instance).bind(after).bind(most).fetch_all(self.reader()).await?;
        rows.iter()
            .map(|row| {
                Ok(Sample {
                    kept: self.kept_row(row)?,
                    at: row.get("at"),
                    regions: serde_json::from_str(row.get("regions"))
                        .map_err(|_| EdgeError::Damaged("a sample's row"))?,
                    object: row.get::<Option<String>, _>("object").unwrap_or_default(),
                    sequence: row.get("sequence"),
                })
            })
            .collect()
    }

    /// The unseen sample before that of this instance.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn sample_before(&self, instance: i64) -> Result<Option<i64>, EdgeError> {
        Ok(sqlx::query_scalar(BEFORE).bind(instance).fetch_one(self.reader()).await?)
    }

    /// A person's verdict. A bad one raises an alarm, holds the object back if it has not been sent, and puts the
    /// instance into quarantine, where it can be released with other masks. Returns also the segments that may now
    /// be unused.
    ///
    /// # Errors
    /// [`EdgeError::Database`]: then nothing has changed.
    pub async fn judge(
        &self,
        sample: &Sample,
        verdict: Verdict,
        by: &Decider<'_>,
    ) -> Result<(Judged, Vec<String>), EdgeError> {
        let (id, at) = (sample.kept.id, now_us());
        let mut tx = self.begin().await?;
        let done = sqlx::query(JUDGE).bind(id).bind(verdict.code()).bind(by.who).bind(at);
        if done.execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok((Judged::Gone, Vec::new()));
        }
        let detail = json!({ "ids": [id], "verdict": verdict.code(), "note": by.note }).to_string();
        self.record_access_in(&mut tx, by.who, "sample judge", &detail).await?;
        let (judged, freed) = match verdict {
            Verdict::Good => (Judged::Done, vec![sample.kept.location.segment.clone()]),
            bad => hold_back(&mut tx, &sample.kept, bad.code(), at).await?,
        };
        tx.commit().await?;
        Ok((judged, freed))
    }
}

async fn hold_back(
    tx: &mut Transaction<'_, Sqlite>,
    kept: &Kept,
    code: &str,
    at: i64,
) -> Result<(Judged, Vec<String>), EdgeError> {
    let object = sqlx::query(OBJECT).bind(kept.id).fetch_optional(&mut **tx).await?;
    let sequence: Option<i64> = object.as_ref().map(|row| row.get("sequence"));
    let l = &kept.location;
    sqlx::query(TO_QUARANTINE)
        .bind(kept.id)
        .bind(code)
        .bind(at)
        .bind(&l.segment)
        .bind(l.offset as i64)
        .bind(l.length as i64)
        .execute(&mut **tx)
        .await?;
    sqlx::query(ALARM).bind(at).bind(code).bind(sequence).bind("").execute(&mut **tx).await?;
    let Some(object) = object else { return Ok((Judged::HeldBack, Vec::new())) };
    let done = sqlx::query(WITHHOLD).bind(sequence).bind(code).execute(&mut **tx).await?;
    if done.rows_affected() == 1 {
        let freed = object.get::<Option<String>, _>("segment");
        return Ok((Judged::HeldBack, freed.into_iter().collect()));
    }
    // made again, it must not be taken for the object that was wrong
    sqlx::query(FORGET_CLEARED).bind(sequence).execute(&mut **tx).await?;
    Ok((Judged::Sent(object.get("uid")), Vec::new()))
}
