//! What a person takes back: objects leave the spool, the statement to the centre is kept with them, and what is
//! received again is recognised.

use serde_json::Value;
use sqlx::{Row, Sqlite, Transaction, sqlite::SqliteRow};
use sumgil_transfer::statement::{Content, Erase, Recall};

use crate::EdgeError;

use super::{Db, LookUp, now_us};

/// What a recall is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It must not be used any more.
    TakeBack,
    /// It comes again under another subject.
    Move {
        /// Whose it seemed to be.
        from: String,
        /// Whose it is.
        into: String,
    },
}

/// A recall that a person has asked for.
pub struct NewRecall {
    /// What for.
    pub purpose: Purpose,
    /// Who asked.
    pub who: String,
    /// What the person named, for the access log.
    pub named: String,
    /// What the centre is told.
    pub recall: Recall,
    /// Sealed objects that are taken back.
    pub sequences: Vec<i64>,
    /// Instances that are thrown away here.
    pub unsealed: Vec<i64>,
    /// Fingerprints of studies or instances that wait for a person when they arrive again.
    pub bars: Vec<LookUp>,
}

/// A recall as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecallRow {
    /// Its number here.
    pub id: i64,
    /// When, microseconds UTC.
    pub at: i64,
    /// Who asked.
    pub who: String,
    /// What for.
    pub purpose: Purpose,
    /// Why.
    pub reason: String,
    /// The statement that quarantines.
    pub quarantine: i64,
    /// The statement that erases, once confirmed.
    pub erase: Option<i64>,
    /// Objects that were taken back.
    pub objects: u64,
    /// Of these, such as the centre had acknowledged.
    pub sent: u64,
    /// Of these, such as have come again under another subject and are told to the centre.
    pub moved: u64,
}

const ADD: &str = "
INSERT INTO recalls (at, who, purpose, reason, from_subject, into_subject, quarantine)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id";

const SEGMENTS: &str = "
SELECT DISTINCT segment FROM objects
WHERE segment IS NOT NULL AND sequence IN (SELECT value FROM json_each(?1))
UNION SELECT DISTINCT segment FROM instances
WHERE segment IS NOT NULL AND id IN (SELECT value FROM json_each(?2))";

const OBJECTS: &str = "
UPDATE objects SET state = 'recalled', recall = ?2, manifest = NULL, segment = NULL, offset = NULL, length = NULL,
  code = NULL
WHERE state <> 'recalled' AND sequence IN (SELECT value FROM json_each(?1))";

const SEALED: &str = "
UPDATE instances SET state = 'recalled', reasons = '', overrule = '', decided_at = ?2
WHERE state = 'sealed' AND sequence IN (SELECT value FROM json_each(?1))";

const UNSEALED: &str = "
UPDATE instances SET state = 'recalled', reasons = '', overrule = '', decided_at = ?2,
  segment = NULL, offset = NULL, length = NULL
WHERE state IN ('held', 'waiting', 'quarantined', 'refused') AND id IN (SELECT value FROM json_each(?1))";

const ALARMS: &str = "DELETE FROM alarms WHERE sequence IN (SELECT value FROM json_each(?1))";

const BAR: &str = "INSERT INTO recall_bars (key, recall) VALUES (?1, ?2) ON CONFLICT DO NOTHING";

const BARRED: &str = "
SELECT DISTINCT key FROM recall_bars WHERE key IN (SELECT value FROM json_each(?1))";

const CONFIRM: &str = "UPDATE recalls SET erase = ?2 WHERE id = ?1 AND erase IS NULL";

const FORGET: &str = "UPDATE objects SET headers = NULL WHERE recall = ?1";

const LIST: &str = "
SELECT r.id, r.at, r.who, r.reason, r.from_subject, r.into_subject, r.quarantine, r.erase,
  count(o.sequence) AS objects, count(o.sent_at) AS sent, count(o.moved_by) AS moved
FROM recalls r LEFT JOIN objects o ON o.recall = r.id
WHERE ?1 = 0 OR r.id = ?1 GROUP BY r.id ORDER BY r.id";

impl Db {
    /// Takes objects back: one transaction with the statement to the centre and the line of the access log. Returns the
    /// recall's number and the segments that may now be unused.
    ///
    /// # Errors
    /// [`EdgeError::Database`]: then nothing has happened.
    pub async fn take_back(&self, new: NewRecall) -> Result<(i64, Vec<String>), EdgeError> {
        let sequences = Value::from(new.sequences.as_slice()).to_string();
        let unsealed = Value::from(new.unsealed.as_slice()).to_string();
        let mut tx = self.begin().await?;
        let reason = new.recall.reason.as_str();
        let statement = self.state_in(&mut tx, &Content::Recall(new.recall)).await?;
        let id = add(&mut tx, &new.who, reason, &new.purpose, statement).await?;
        let segments =
            sqlx::query_scalar(SEGMENTS).bind(&sequences).bind(&unsealed).fetch_all(&mut *tx).await?;
        sqlx::query(OBJECTS).bind(&sequences).bind(id).execute(&mut *tx).await?;
        sqlx::query(SEALED).bind(&sequences).bind(now_us()).execute(&mut *tx).await?;
        sqlx::query(UNSEALED).bind(&unsealed).bind(now_us()).execute(&mut *tx).await?;
        sqlx::query(ALARMS).bind(&sequences).execute(&mut *tx).await?;
        for key in &new.bars {
            sqlx::query(BAR).bind(key.as_str()).bind(id).execute(&mut *tx).await?;
        }
        self.record_access_in(&mut tx, &new.who, "recall", &format!("{id} {reason} {}", new.named)).await?;
        tx.commit().await?;
        Ok((id, segments))
    }

    /// Asks the centre to erase what a recall has quarantined. Returns the statement's number; the same again changes
    /// nothing. None when there is no such recall.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn confirm_recall(&self, id: i64, who: &str) -> Result<Option<i64>, EdgeError> {
        let Some(row) = self.recall(id).await? else { return Ok(None) };
        if row.erase.is_some() {
            return Ok(row.erase);
        }
        let mut tx = self.begin().await?;
        let content = Content::Erase(Erase { recall: row.quarantine as u64 });
        let number = self.state_in(&mut tx, &content).await?;
        if sqlx::query(CONFIRM).bind(id).bind(number).execute(&mut *tx).await?.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(self.recall(id).await?.and_then(|row| row.erase));
        }
        sqlx::query(FORGET).bind(id).execute(&mut *tx).await?;
        self.record_access_in(&mut tx, who, "recall confirm", &id.to_string()).await?;
        tx.commit().await?;
        Ok(Some(number))
    }

    /// Every recall, oldest first.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn recalls(&self) -> Result<Vec<RecallRow>, EdgeError> {
        Ok(sqlx::query(LIST).bind(0).fetch_all(self.reader()).await?.iter().map(read).collect())
    }

    /// The recall with this number.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn recall(&self, id: i64) -> Result<Option<RecallRow>, EdgeError> {
        let row = sqlx::query(LIST).bind(id).fetch_optional(self.reader()).await?;
        Ok(row.as_ref().map(read).filter(|row| row.id == id))
    }

    /// Which of these fingerprints of studies and instances a person has taken back.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn barred<'a>(&self, keys: impl Iterator<Item = &'a LookUp>) -> Result<Vec<LookUp>, EdgeError> {
        let list = Value::from_iter(keys.map(LookUp::as_str)).to_string();
        let keys: Vec<String> = sqlx::query_scalar(BARRED).bind(list).fetch_all(self.reader()).await?;
        Ok(keys.into_iter().map(LookUp::stored).collect())
    }
}

async fn add(
    tx: &mut Transaction<'_, Sqlite>,
    who: &str,
    reason: &str,
    purpose: &Purpose,
    statement: i64,
) -> Result<i64, EdgeError> {
    let (word, from, into) = match purpose {
        Purpose::TakeBack => ("take-back", None, None),
        Purpose::Move { from, into } => ("move", Some(from), Some(into)),
    };
    let added = sqlx::query_scalar(ADD).bind(now_us()).bind(who).bind(word).bind(reason);
    Ok(added.bind(from).bind(into).bind(statement).fetch_one(&mut **tx).await?)
}

fn read(row: &SqliteRow) -> RecallRow {
    let from: Option<String> = row.get("from_subject");
    let into: Option<String> = row.get("into_subject");
    RecallRow {
        id: row.get("id"),
        at: row.get("at"),
        who: row.get("who"),
        purpose: match (from, into) {
            (Some(from), Some(into)) => Purpose::Move { from, into },
            _ => Purpose::TakeBack,
        },
        reason: row.get("reason"),
        quarantine: row.get("quarantine"),
        erase: row.get("erase"),
        objects: row.get::<i64, _>("objects") as u64,
        sent: row.get::<i64, _>("sent") as u64,
        moved: row.get::<i64, _>("moved") as u64,
    }
}
