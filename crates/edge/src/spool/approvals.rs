//! The review board's decisions; the last one counts.

use sqlx::Row;
use sumgil_transfer::statement::{Approval, Content};

use crate::EdgeError;

use super::{Db, now_us};

/// A decision as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalRow {
    /// When it was entered, microseconds UTC.
    pub at: i64,
    /// Who entered it.
    pub who: String,
    /// What it says.
    pub approval: Approval,
}

const ADD: &str = "
INSERT INTO approvals (at, who, irb_number, valid_from, valid_until, basis) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

const LAST: &str = "
SELECT at, who, irb_number, valid_from, valid_until, basis FROM approvals ORDER BY id DESC LIMIT 1";

impl Db {
    /// Keeps a decision, with the statement that tells the centre; returns the statement's number.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn save_approval(&self, approval: &Approval, who: &str) -> Result<i64, EdgeError> {
        let mut tx = self.begin().await?;
        sqlx::query(ADD)
            .bind(now_us())
            .bind(who)
            .bind(&approval.irb_number)
            .bind(approval.valid_from.to_string())
            .bind(approval.valid_until.to_string())
            .bind(approval.basis.as_str())
            .execute(&mut *tx)
            .await?;
        let number = self.state_in(&mut tx, &Content::Approval(approval.clone())).await?;
        self.record_access_in(&mut tx, who, "approval set", &approval.irb_number).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// The decision that counts.
    ///
    /// # Errors
    /// [`EdgeError::Database`], [`EdgeError::Damaged`].
    pub async fn approval(&self) -> Result<Option<ApprovalRow>, EdgeError> {
        let Some(row) = sqlx::query(LAST).fetch_optional(self.reader()).await? else { return Ok(None) };
        let damaged = || EdgeError::Damaged("an approval's row");
        let approval = Approval {
            irb_number: row.get("irb_number"),
            valid_from: row.get::<&str, _>("valid_from").parse().map_err(|_| damaged())?,
            valid_until: row.get::<&str, _>("valid_until").parse().map_err(|_| damaged())?,
            basis: row.get::<&str, _>("basis").parse().map_err(|_| damaged())?,
        };
        Ok(Some(ApprovalRow { at: row.get("at"), who: row.get("who"), approval }))
    }
}
