//! What was done to each sealed instance.

use sqlx::Row;

use crate::EdgeError;

use super::Db;

const EVIDENCE: &str = "
SELECT evidence FROM objects WHERE uid = ?1 AND kind = 'instance' ORDER BY sequence DESC LIMIT 1";

impl Db {
    /// The evidence of the last object with this new SOP instance UID, as JSON; `None` where there is none. Objects that
    /// were sealed by an earlier version have an empty one.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn evidence(&self, sop_instance_uid: &str) -> Result<Option<String>, EdgeError> {
        let row = sqlx::query(EVIDENCE).bind(sop_instance_uid).fetch_optional(self.reader()).await?;
        Ok(row.map(|row| row.get("evidence")))
    }
}
