//! Statements to the centre: kept until they are answered, sent in their order, never given up.

use sqlx::{Row, Sqlite, Transaction, sqlite::SqliteRow};
use sumgil_custody::local::Cell;
use sumgil_transfer::statement::Content;

use crate::EdgeError;

use super::{Db, now_us};

/// How far a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatementState {
    /// To be sent.
    Waiting,
    /// The centre has answered; the answer is kept.
    Answered,
    /// The centre, or our own check, found it not in order. It has no effect.
    Refused,
}

/// A statement as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRow {
    /// Its number, which is also the moment it was made: microseconds UTC.
    pub number: i64,
    /// What it says.
    pub content: Content,
    /// How far it is.
    pub state: StatementState,
    /// Why it has no effect.
    pub code: Option<String>,
    /// The signed answer as JSON.
    pub answer: Option<String>,
}

const NUMBER: &str = "
UPDATE counters SET value = max(value + 1, ?1) WHERE name = 'statement' RETURNING value";

const ADD: &str = "INSERT INTO statements (number, kind, body, state) VALUES (?1, ?2, ?3, 'waiting')";

const NEXT: &str = "
SELECT number, body, state, code, answer FROM statements WHERE state = 'waiting' ORDER BY number LIMIT 1";

const ONE: &str = "SELECT number, body, state, code, answer FROM statements WHERE number = ?1";

const WAITING: &str = "SELECT count(*) FROM statements WHERE state = 'waiting'";

const CLOSE: &str = "
UPDATE statements SET state = ?2, code = ?3, answer = ?4, answered_at = ?5 WHERE number = ?1 AND state = 'waiting'";

fn cell(number: &str) -> Cell<'_> {
    Cell { table: "statements", row: number, column: "body" }
}

impl StatementState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Answered => "answered",
            Self::Refused => "refused",
        }
    }
}

impl Db {
    /// Keeps a statement to be sent; returns its number.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn state(&self, content: &Content) -> Result<i64, EdgeError> {
        let mut tx = self.begin().await?;
        let number = self.state_in(&mut tx, content).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// The same, together with what it tells of. Numbers are the time in microseconds, or one more than the last: so
    /// they grow also on a machine that was set up anew from a backup of the keys.
    pub(super) async fn state_in(
        &self,
        tx: &mut Transaction<'_, Sqlite>,
        content: &Content,
    ) -> Result<i64, EdgeError> {
        let number: i64 = sqlx::query_scalar(NUMBER).bind(now_us()).fetch_one(&mut **tx).await?;
        let body = serde_json::to_vec(content).map_err(|_| EdgeError::Damaged("a statement"))?;
        let sealed = self.encrypt(cell(&number.to_string()), &body)?;
        sqlx::query(ADD).bind(number).bind(content.kind()).bind(sealed).execute(&mut **tx).await?;
        Ok(number)
    }

    /// The oldest statement that is not answered yet.
    ///
    /// # Errors
    /// [`EdgeError::Database`]; [`EdgeError::Damaged`] under another local key.
    pub async fn waiting_statement(&self) -> Result<Option<StatementRow>, EdgeError> {
        let row = sqlx::query(NEXT).fetch_optional(self.reader()).await?;
        row.map(|row| self.open_statement(&row)).transpose()
    }

    /// The statement with this number.
    ///
    /// # Errors
    /// As [`Db::waiting_statement`].
    pub async fn statement(&self, number: i64) -> Result<Option<StatementRow>, EdgeError> {
        let row = sqlx::query(ONE).bind(number).fetch_optional(self.reader()).await?;
        row.map(|row| self.open_statement(&row)).transpose()
    }

    /// How many statements are not answered yet.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn statements_waiting(&self) -> Result<u64, EdgeError> {
        Ok(sqlx::query_scalar::<_, i64>(WAITING).fetch_one(self.reader()).await? as u64)
    }

    /// Keeps the verified answer of a statement, or the code of why it has no effect.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn close_statement(
        &self,
        number: i64,
        answer: Option<&str>,
        code: Option<&str>,
    ) -> Result<(), EdgeError> {
        let state = if code.is_some() { StatementState::Refused } else { StatementState::Answered };
        sqlx::query(CLOSE)
            .bind(number)
            .bind(state.as_str())
            .bind(code)
            .bind(answer)
            .bind(now_us())
            .execute(self.writer())
            .await?;
        Ok(())
    }

    fn open_statement(&self, row: &SqliteRow) -> Result<StatementRow, EdgeError> {
        let number: i64 = row.get("number");
        let body = self.decrypt(cell(&number.to_string()), row.get("body"))?;
        Ok(StatementRow {
            number,
            content: serde_json::from_slice(&body).map_err(|_| EdgeError::Damaged("a statement"))?,
            state: match row.get("state") {
                "waiting" => StatementState::Waiting,
                "answered" => StatementState::Answered,
                _ => StatementState::Refused,
            },
            code: row.get("code"),
            answer: row.get("answer"),
        })
    }
}
