//! Counts, and the fate of single instances. Nothing here can name anybody.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::Row;

use crate::EdgeError;

use super::{Db, State};

/// How much is where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Instances encrypted in the hold, not yet de-identified.
    pub held: u64,
    /// Objects (instances and clinical records) sealed and not yet acknowledged by the centre.
    pub spooled: u64,
    /// Bytes of them.
    pub spooled_bytes: u64,
    /// Objects that the centre has acknowledged with a receipt.
    pub sent: u64,
    /// Of these, instances.
    pub sent_instances: u64,
    /// Of these, clinical records.
    pub sent_clinical: u64,
    /// Acknowledged, and kept apart at the centre because the UID was known with other content.
    pub sent_as_other_version: u64,
    /// Objects that the centre refuses for good, by code.
    pub refused_by_centre: BTreeMap<String, u64>,
    /// Instances that wait for a person.
    pub quarantined: u64,
    /// The same by reason; one with two reasons counts for both.
    pub quarantined_by_reason: BTreeMap<String, u64>,
    /// Instances that can never be de-identified.
    pub refused: u64,
    /// The same by reason.
    pub refused_by_reason: BTreeMap<String, u64>,
    /// Instances that the policy keeps.
    pub waiting: u64,
    /// The same by reason.
    pub waiting_by_reason: BTreeMap<String, u64>,
    /// Instances that a person has thrown away.
    pub discarded: u64,
    /// Objects that a person held back before they were sent.
    pub withheld: u64,
    /// Samples of cleared instances that wait for a person's look.
    pub samples: u64,
    /// Samples that were dropped unseen, because there were too many.
    pub samples_dropped: u64,
    /// Objects that a person has taken back, sent or not.
    pub recalled: u64,
    /// Receptions of something that was here already.
    pub received_again: u64,
    /// Instances whose UID had been received with other content before.
    pub conflicting: u64,
    /// Exam notes that wait for their study.
    pub waiting_notes: u64,
    /// Things an operator has to look at.
    pub alarms: u64,
    /// When the last receipt came, microseconds UTC.
    pub last_sent_at: Option<i64>,
}

impl Counts {
    /// Whether nothing is on its way any more.
    pub fn drained(&self) -> bool {
        self.held == 0 && self.spooled == 0
    }
}

/// How far one instance has got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Still to be de-identified.
    Held,
    /// Sealed, to be sent.
    Spooled,
    /// The centre holds it.
    Sent,
    /// The centre holds it apart: it has the same UID with other content already.
    OtherVersion,
    /// The centre refuses it.
    RefusedByCentre(String),
    /// Kept here, with the reasons.
    Kept(State, Vec<String>),
    /// Held back by a person before it was sent.
    Withheld,
    /// Thrown away by a person.
    Discarded,
    /// Taken back by a person.
    Recalled,
}

const STATES: &str = "
SELECT state, reasons, count(*) AS n, sum(seen - 1) AS again, sum(conflicts > 0) AS conflicting
FROM instances GROUP BY state, reasons";

const OBJECTS: &str = "
SELECT state, kind, coalesce(code, '') AS code, count(*) AS n, sum(size_bytes) AS bytes,
  sum(quarantined) AS quarantined, max(sent_at) AS last
FROM objects GROUP BY state, kind, code";

const NOTES: &str = "SELECT count(*) FROM notes WHERE state = 'waiting'";
const SAMPLES: &str = "
SELECT count(*) FILTER (WHERE state = 'unseen'), count(*) FILTER (WHERE state = 'dropped') FROM samples";
const ALARMS: &str = "SELECT count(*) FROM alarms";

const FATES: &str = "
SELECT i.id, i.state, i.reasons, o.state AS object_state, o.code, o.quarantined AS apart FROM json_each(?1) j
JOIN instances i ON i.id = j.value LEFT JOIN objects o ON o.sequence = i.sequence";

impl Db {
    /// How much is where.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn counts(&self) -> Result<Counts, EdgeError> {
        let mut counts = Counts::default();
        let mut tx = self.reader().begin().await?;
        for row in sqlx::query(STATES).fetch_all(&mut *tx).await? {
            count_instances(&mut counts, &row);
        }
        for row in sqlx::query(OBJECTS).fetch_all(&mut *tx).await? {
            count_objects(&mut counts, &row);
        }
        counts.waiting_notes = sqlx::query_scalar::<_, i64>(NOTES).fetch_one(&mut *tx).await? as u64;
        counts.alarms = sqlx::query_scalar::<_, i64>(ALARMS).fetch_one(&mut *tx).await? as u64;
        let (samples, dropped): (i64, i64) = sqlx::query_as(SAMPLES).fetch_one(&mut *tx).await?;
        (counts.samples, counts.samples_dropped) = (samples as u64, dropped as u64);
        Ok(counts)
    }

    /// How far these instances have got, by row.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn fates(&self, ids: &[i64]) -> Result<BTreeMap<i64, Fate>, EdgeError> {
        let text = serde_json::Value::from(ids).to_string();
        let rows = sqlx::query(FATES).bind(text).fetch_all(self.reader()).await?;
        Ok(rows.iter().map(|row| (row.get("id"), fate(row))).collect())
    }
}

fn count_instances(counts: &mut Counts, row: &sqlx::sqlite::SqliteRow) {
    let n = row.get::<i64, _>("n") as u64;
    let reasons: String = row.get("reasons");
    counts.received_again += row.get::<i64, _>("again") as u64;
    counts.conflicting += row.get::<i64, _>("conflicting") as u64;
    let (total, by_reason) = match State::stored(row.get("state")) {
        State::Held => {
            counts.held += n;
            return;
        }
        State::Discarded => {
            counts.discarded += n;
            return;
        }
        State::Sealed | State::Recalled => return,
        State::Quarantined => (&mut counts.quarantined, &mut counts.quarantined_by_reason),
        State::Refused => (&mut counts.refused, &mut counts.refused_by_reason),
        State::Waiting => (&mut counts.waiting, &mut counts.waiting_by_reason),
    };
    *total += n;
    for reason in super::instances::split_codes(&reasons) {
        *by_reason.entry(reason).or_default() += n;
    }
}

fn count_objects(counts: &mut Counts, row: &sqlx::sqlite::SqliteRow) {
    let n = row.get::<i64, _>("n") as u64;
    match row.get::<&str, _>("state") {
        "spooled" => {
            counts.spooled += n;
            counts.spooled_bytes += row.get::<i64, _>("bytes") as u64;
        }
        "sent" => {
            counts.sent += n;
            counts.sent_as_other_version += row.get::<i64, _>("quarantined") as u64;
            counts.last_sent_at = counts.last_sent_at.max(row.get("last"));
            match row.get::<&str, _>("kind") {
                "clinical" => counts.sent_clinical += n,
                _ => counts.sent_instances += n,
            }
        }
        "withheld" => counts.withheld += n,
        "recalled" => counts.recalled += n,
        _ => *counts.refused_by_centre.entry(row.get("code")).or_default() += n,
    }
}

fn fate(row: &sqlx::sqlite::SqliteRow) -> Fate {
    let state = State::stored(row.get("state"));
    match (state, row.get::<Option<&str>, _>("object_state")) {
        (State::Held, _) => Fate::Held,
        (State::Discarded, _) => Fate::Discarded,
        (State::Recalled, _) | (State::Sealed, Some("recalled")) => Fate::Recalled,
        (State::Sealed, Some("sent")) if row.get::<Option<i64>, _>("apart") == Some(1) => Fate::OtherVersion,
        (State::Sealed, Some("sent")) => Fate::Sent,
        (State::Sealed, Some("refused")) => {
            Fate::RefusedByCentre(row.get::<Option<String>, _>("code").unwrap_or_default())
        }
        (State::Sealed, Some("withheld")) => Fate::Withheld,
        (State::Sealed, _) => Fate::Spooled,
        (kept, _) => Fate::Kept(kept, super::instances::split_codes(row.get("reasons"))),
    }
}
