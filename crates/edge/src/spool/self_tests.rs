//! Runs of the self-test; the last one decides whether anything is sent.

use sqlx::Row;
use sumgil_transfer::statement::{Content, SelfTestFigures};

use crate::EdgeError;

use super::Db;

/// A run as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfTestRow {
    /// What it found.
    pub figures: SelfTestFigures,
    /// Whether nothing planted came out.
    pub passed: bool,
    /// Who said that the failure does not matter.
    pub overruled_by: Option<String>,
}

const ADD: &str = "INSERT INTO self_tests (figures, ran_at, passed) VALUES (?1, ?2, ?3)";
const LAST: &str = "SELECT figures, passed, overruled_by FROM self_tests ORDER BY id DESC LIMIT 1";
const OVERRULE: &str = "
UPDATE self_tests SET overruled_by = ?1
WHERE passed = 0 AND overruled_by IS NULL AND id = (SELECT max(id) FROM self_tests)";
const CLEAR: &str = "DELETE FROM alarms WHERE code = 'self-test-failed'";

impl Db {
    /// Keeps a run, with the statement that tells the centre its figures.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn save_self_test(&self, figures: &SelfTestFigures, passed: bool) -> Result<(), EdgeError> {
        let text = serde_json::to_string(figures).map_err(|_| EdgeError::Damaged("a self-test's figures"))?;
        let mut tx = self.begin().await?;
        let ran_at = figures.ran_at.as_microsecond();
        sqlx::query(ADD).bind(text).bind(ran_at).bind(passed).execute(&mut *tx).await?;
        self.state_in(&mut tx, &Content::SelfTest(figures.clone())).await?;
        if passed {
            sqlx::query(CLEAR).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The last run.
    ///
    /// # Errors
    /// [`EdgeError::Database`], [`EdgeError::Damaged`].
    pub async fn self_test(&self) -> Result<Option<SelfTestRow>, EdgeError> {
        let Some(row) = sqlx::query(LAST).fetch_optional(self.reader()).await? else { return Ok(None) };
        let figures = serde_json::from_str(row.get("figures"))
            .map_err(|_| EdgeError::Damaged("a self-test's figures"))?;
        let (passed, overruled_by) = (row.get("passed"), row.get("overruled_by"));
        Ok(Some(SelfTestRow { figures, passed, overruled_by }))
    }

    /// Lets sending go on after the last run failed. False when it did not, or was overruled before.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn overrule_self_test(&self, who: &str, reason: &str) -> Result<bool, EdgeError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(OVERRULE).bind(who).execute(&mut *tx).await?.rows_affected();
        self.record_access_in(&mut tx, who, "self-test overrule", reason).await?;
        tx.commit().await?;
        Ok(done > 0)
    }
}
