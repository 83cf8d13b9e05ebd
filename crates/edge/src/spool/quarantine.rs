//! What waits for a person, and what that person decides.

use serde::Serialize;
use sqlx::Row;

use crate::EdgeError;

use super::{
    Db, Location, LookUp, State,
    instances::{copy_name, split_codes},
    now_us,
};

/// An instance that is kept here.
#[derive(Clone, Debug, Serialize)]
pub struct Kept {
    /// The row, as commands name it.
    pub id: i64,
    /// `quarantined`, `refused` or `waiting`.
    pub state: &'static str,
    /// Why, as machine words.
    pub reasons: Vec<String>,
    /// Modality.
    pub modality: String,
    /// Bytes of the encrypted copy.
    pub size_bytes: u64,
    /// When it arrived, microseconds UTC.
    pub received_at: i64,
    /// The encrypted copy.
    #[serde(skip)]
    pub location: Location,
    /// The name that the encrypted copy is bound to.
    #[serde(skip)]
    pub name: String,
}

/// Which kept instances are meant.
#[derive(Clone, Debug, Default)]
pub struct KeptFilter {
    /// These; empty: all.
    pub ids: Vec<i64>,
    /// With this reason among theirs.
    pub reason: Option<String>,
    /// Those that the policy keeps as well.
    pub waiting_too: bool,
}

const LIST: &str = "
SELECT id, sop_key, content_key, state, reasons, modality, received_at, segment, offset, length FROM instances
WHERE (state IN ('quarantined', 'refused') OR (?3 AND state = 'waiting'))
  AND (?1 = '[]' OR id IN (SELECT value FROM json_each(?1)))
  AND (?2 = '' OR instr(',' || reasons || ',', ',' || ?2 || ',') > 0)
ORDER BY id";

const RELEASE: &str = "
UPDATE instances SET state = 'held', ready = 1, overrule = trim(overrule || ',' || reasons, ',')
WHERE state = 'quarantined' AND id IN (SELECT value FROM json_each(?1))";

const DISCARD: &str = "
UPDATE instances SET state = 'discarded', decided_at = ?2, segment = NULL, offset = NULL, length = NULL
WHERE state IN ('quarantined', 'refused', 'waiting') AND id IN (SELECT value FROM json_each(?1))";

impl Db {
    /// The kept instances that `filter` means, oldest first.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn kept(&self, filter: &KeptFilter) -> Result<Vec<Kept>, EdgeError> {
        let rows = sqlx::query(LIST)
            .bind(serde_json::Value::from(filter.ids.as_slice()).to_string())
            .bind(filter.reason.as_deref().unwrap_or(""))
            .bind(filter.waiting_too)
            .fetch_all(self.reader())
            .await?;
        Ok(rows.iter().map(kept).collect())
    }

    /// Sends quarantined instances back into the pipeline with their reasons overruled by a person.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn release(&self, ids: &[i64], who: &str) -> Result<u64, EdgeError> {
        let list = serde_json::Value::from(ids).to_string();
        let mut tx = self.begin().await?;
        let done = sqlx::query(RELEASE).bind(&list).execute(&mut *tx).await?.rows_affected();
        self.record_access_in(&mut tx, who, "quarantine release", &list).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Throws kept instances away. Returns how many, and the segments that may now be unused.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn discard(&self, kept: &[Kept], who: &str) -> Result<(u64, Vec<String>), EdgeError> {
        let list = serde_json::Value::from_iter(kept.iter().map(|k| k.id)).to_string();
        let mut tx = self.begin().await?;
        let done = sqlx::query(DISCARD).bind(&list).bind(now_us()).execute(&mut *tx).await?.rows_affected();
        self.record_access_in(&mut tx, who, "quarantine discard", &list).await?;
        tx.commit().await?;
        let mut segments: Vec<String> = kept.iter().map(|k| k.location.segment.clone()).collect();
        segments.sort();
        segments.dedup();
        Ok((done, segments))
    }
}

fn kept(row: &sqlx::sqlite::SqliteRow) -> Kept {
    let location = Location::of_row(row);
    Kept {
        id: row.get("id"),
        state: State::stored(row.get("state")).as_str(),
        reasons: split_codes(row.get("reasons")),
        modality: row.get("modality"),
        size_bytes: location.length,
        received_at: row.get("received_at"),
        name: copy_name(&LookUp::stored(row.get("sop_key")), &LookUp::stored(row.get("content_key"))),
        location,
    }
}
