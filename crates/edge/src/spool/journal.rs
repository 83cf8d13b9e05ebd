//! Two small books: alarms for the operator, and who looked up or decided what.

use serde::Serialize;
use sqlx::{Row, Sqlite, Transaction, sqlite::SqliteRow};
use sumgil_custody::local::Cell;

use crate::EdgeError;

use super::{Db, now_us};

/// Something that a person has to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alarm {
    /// When, microseconds UTC.
    pub at: i64,
    /// A machine word, such as `sent-then-found`.
    pub code: String,
    /// The object it is about.
    pub sequence: Option<i64>,
    /// More machine words; never patient data.
    pub detail: String,
}

/// One line of the access log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The row.
    pub id: i64,
    /// When, microseconds UTC.
    pub at: i64,
    /// The account that asked.
    pub who: String,
    /// What was asked.
    pub what: String,
    /// About whom or what; encrypted at rest.
    pub detail: String,
}

const RAISE: &str = "
INSERT INTO alarms (at, code, sequence, detail) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (code, sequence, detail) DO NOTHING";
const ALARMS: &str = "SELECT at, code, sequence, detail FROM alarms ORDER BY id";
const LOG: &str = "INSERT INTO accesses (at, who, what, detail) VALUES (?1, ?2, ?3, ?4)";
const ACCESSES: &str = "SELECT id, at, who, what, detail FROM accesses ORDER BY id";
const ACCESSES_BEFORE: &str =
    "SELECT id, at, who, what, detail FROM accesses WHERE id < ?1 ORDER BY id DESC LIMIT ?2";

impl Db {
    /// Raises an alarm; the same one again changes nothing.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn raise(&self, code: &str, sequence: Option<i64>, detail: &str) -> Result<(), EdgeError> {
        sqlx::query(RAISE)
            .bind(now_us())
            .bind(code)
            .bind(sequence)
            .bind(detail)
            .execute(self.writer())
            .await?;
        Ok(())
    }

    /// Every alarm.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn alarms(&self) -> Result<Vec<Alarm>, EdgeError> {
        let rows = sqlx::query(ALARMS).fetch_all(self.reader()).await?;
        Ok(rows
            .iter()
            .map(|row| Alarm {
                at: row.get("at"),
                code: row.get("code"),
                sequence: row.get("sequence"),
                detail: row.get("detail"),
            })
            .collect())
    }

    /// Writes a line into the access log before its answer is given.
    ///
    /// # Errors
    /// [`EdgeError::Database`]: then the answer must not be given.
    pub async fn record_access(&self, who: &str, what: &str, detail: &str) -> Result<(), EdgeError> {
        let mut tx = self.begin().await?;
        self.record_access_in(&mut tx, who, what, detail).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn record_access_in(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        who: &str,
        what: &str,
        detail: &str,
    ) -> Result<(), EdgeError> {
        let at = now_us();
        let sealed = self.encrypt(access_cell(&at.to_string()), detail.as_bytes())?;
        sqlx::query(LOG).bind(at).bind(who).bind(what).bind(sealed).execute(&mut **tx).await?;
        Ok(())
    }

    /// The access log.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn accesses(&self) -> Result<Vec<Access>, EdgeError> {
        let rows = sqlx::query(ACCESSES).fetch_all(self.reader()).await?;
        rows.iter().map(|row| self.access(row)).collect()
    }

    /// The access log from its end backwards: at most `most` lines before row `before`.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn accesses_before(&self, before: i64, most: i64) -> Result<Vec<Access>, EdgeError> {
        let rows = sqlx::query(ACCESSES_BEFORE).bind(before).bind(most).fetch_all(self.reader()).await?;
        rows.iter().map(|row| self.access(row)).collect()
    }

    fn access(&self, row: &SqliteRow) -> Result<Access, EdgeError> {
        let at: i64 = row.get("at");
        let detail = self.decrypt(access_cell(&at.to_string()), row.get("detail"))?;
        Ok(Access {
            id: row.get("id"),
            at,
            who: row.get("who"),
            what: row.get("what"),
            detail: String::from_utf8_lossy(&detail).into_owned(),
        })
    }
}

fn access_cell(row: &str) -> Cell<'_> {
    Cell { table: "accesses", row, column: "detail" }
}
