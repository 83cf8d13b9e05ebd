//! What waits for a person.

use serde::Serialize;
use sqlx::{Row, sqlite::SqliteRow};
use sumgil_deid::Overrule;

use crate::EdgeError;

use super::{
    Db, Location, LookUp, State,
    instances::{copy_name, device_cell, overrule_of, split_codes},
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
    /// Manufacturer and model; empty for what came before devices were noted.
    #[serde(skip)]
    pub device: String,
    /// The fingerprint of the device.
    #[serde(skip)]
    pub device_key: LookUp,
    /// The fingerprint of the patient.
    #[serde(skip)]
    pub patient_key: LookUp,
    /// What a person decided before, when it came back for another reason.
    #[serde(skip)]
    pub overrule: Overrule,
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

/// Which of those that a person has to decide about are shown.
#[derive(Clone, Debug, Default)]
pub struct Shown<'a> {
    /// With this reason among theirs; empty: all.
    pub reason: &'a str,
    /// Of the device with this fingerprint; empty: all.
    pub device_key: &'a str,
    /// After this row.
    pub after: i64,
    /// At most so many.
    pub most: i64,
}

/// How many of one reason and one device wait for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pile {
    /// The machine words.
    pub reasons: Vec<String>,
    /// Manufacturer and model.
    pub device: String,
    /// Its fingerprint.
    pub device_key: LookUp,
    /// How many.
    pub count: u64,
}

const LIST: &str = "
SELECT id, sop_key, content_key, patient_key, device, device_key, state, reasons, modality, received_at,
  overrule, segment, offset, length FROM instances
WHERE (state IN ('quarantined', 'refused') OR (?3 AND state = 'waiting'))
  AND (?1 = '[]' OR id IN (SELECT value FROM json_each(?1)))
  AND (?2 = '' OR instr(',' || reasons || ',', ',' || ?2 || ',') > 0)
ORDER BY id";

const PAGE: &str = "
SELECT id, sop_key, content_key, patient_key, device, device_key, state, reasons, modality, received_at,
  overrule, segment, offset, length FROM instances
WHERE state IN ('quarantined', 'refused') AND id > ?3
  AND (?1 = '' OR instr(',' || reasons || ',', ',' || ?1 || ',') > 0)
  AND (?2 = '' OR device_key = ?2)
ORDER BY id LIMIT ?4";

const BEFORE: &str = "
SELECT max(id) FROM instances
WHERE state IN ('quarantined', 'refused') AND id < ?3
  AND (?1 = '' OR instr(',' || reasons || ',', ',' || ?1 || ',') > 0)
  AND (?2 = '' OR device_key = ?2)";

const PILES: &str = "
SELECT reasons, device_key, count(*) AS n, min(id) AS first FROM instances
WHERE state IN ('quarantined', 'refused') GROUP BY reasons, device_key ORDER BY n DESC, first LIMIT 200";

const DEVICE: &str = "SELECT content_key, device FROM instances WHERE id = ?1";

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
        rows.iter().map(|row| self.kept_row(row)).collect()
    }

    /// One page of what a person has to decide about, oldest first.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn kept_page(&self, shown: &Shown<'_>) -> Result<Vec<Kept>, EdgeError> {
        let rows = sqlx::query(PAGE)
            .bind(shown.reason)
            .bind(shown.device_key)
            .bind(shown.after)
            .bind(shown.most)
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(|row| self.kept_row(row)).collect()
    }

    /// The instance before row `id` among those shown.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn kept_before(&self, shown: &Shown<'_>, id: i64) -> Result<Option<i64>, EdgeError> {
        Ok(sqlx::query_scalar(BEFORE)
            .bind(shown.reason)
            .bind(shown.device_key)
            .bind(id)
            .fetch_one(self.reader())
            .await?)
    }

    /// How much of what waits for a person, by reason and device; the largest pile first.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn piles(&self) -> Result<Vec<Pile>, EdgeError> {
        let mut piles = Vec::new();
        for row in sqlx::query(PILES).fetch_all(self.reader()).await? {
            let first: i64 = row.get("first");
            let device = sqlx::query(DEVICE).bind(first).fetch_optional(self.reader()).await?;
            piles.push(Pile {
                reasons: split_codes(row.get("reasons")),
                device: device.map(|row| self.device_of(&row)).transpose()?.unwrap_or_default(),
                device_key: LookUp::stored(row.get("device_key")),
                count: row.get::<i64, _>("n") as u64,
            });
        }
        Ok(piles)
    }

    /// The device of a row that has it, in clear.
    pub(super) fn device_of(&self, row: &SqliteRow) -> Result<String, EdgeError> {
        let Some(sealed) = row.get::<Option<&[u8]>, _>("device") else { return Ok(String::new()) };
        let content_key: &str = row.get("content_key");
        let plain = self.decrypt(device_cell(content_key), sealed)?;
        Ok(String::from_utf8_lossy(&plain).into_owned())
    }

    pub(super) fn kept_row(&self, row: &SqliteRow) -> Result<Kept, EdgeError> {
        let location = Location::of_row(row);
        Ok(Kept {
            id: row.get("id"),
            state: State::stored(row.get("state")).as_str(),
            reasons: split_codes(row.get("reasons")),
            modality: row.get("modality"),
            size_bytes: location.length,
            received_at: row.get("received_at"),
            device: self.device_of(row)?,
            device_key: LookUp::stored(row.get("device_key")),
            patient_key: LookUp::stored(row.get("patient_key")),
            overrule: overrule_of(row.get("overrule"))?,
            name: copy_name(&LookUp::stored(row.get("sop_key")), &LookUp::stored(row.get("content_key"))),
            location,
        })
    }
}
