//! Sealed objects on their way to the centre.

use serde_json::json;
use sqlx::Row;

use crate::EdgeError;

use super::{Db, Location, LookUp, now_us};

/// A spooled object that the centre has not yet acknowledged.
#[derive(Clone, Debug)]
pub struct PendingObject {
    /// Its sequence number at this site.
    pub sequence: i64,
    /// Its name.
    pub digest: String,
    /// Its bytes.
    pub location: Location,
}

/// An object that has been sent, with what is needed to search it again.
#[derive(Clone, Debug)]
pub struct SentObject {
    /// Its sequence number.
    pub sequence: i64,
    /// New SOP instance UID or record id.
    pub uid: String,
    /// Encrypted cleared headers.
    pub headers: Vec<u8>,
}

const PENDING: &str = "
SELECT sequence, digest, segment, offset, length FROM objects
WHERE state = 'spooled' AND sequence > ?1 ORDER BY sequence LIMIT ?2";

const MANIFESTS: &str = "
SELECT sequence, manifest FROM objects
WHERE manifest IS NOT NULL AND state = 'spooled' AND digest IN (SELECT value FROM json_each(?1)) ORDER BY sequence";

const RECEIVED: &str = "
UPDATE objects SET state = 'sent', sent_at = ?2, receipt = j.value ->> 1, quarantined = j.value ->> 2,
  manifest = NULL, segment = NULL, offset = NULL, length = NULL, code = NULL
FROM json_each(?1) AS j WHERE objects.digest = j.value ->> 0 AND objects.state IN ('spooled', 'withheld')";

const SPOOL_SEGMENTS: &str = "
SELECT DISTINCT segment FROM objects
WHERE segment IS NOT NULL AND digest IN (SELECT value FROM json_each(?1))";

const REFUSED: &str = "
UPDATE objects SET state = 'refused', code = ?2 WHERE digest = ?1 AND state = 'spooled'";

const REFUSED_LIST: &str = "
SELECT sequence, coalesce(code, '') FROM objects WHERE state = 'refused' ORDER BY sequence";

const OFFER_AGAIN: &str = "
UPDATE objects SET state = 'spooled', code = NULL WHERE state = 'refused' AND (?1 = '' OR code = ?1)";

const SENT_OF: &str = "
SELECT sequence, uid, headers FROM objects
WHERE patient_key = ?1 AND kind = 'instance' AND headers IS NOT NULL AND state <> 'recalled' AND sequence > ?2
ORDER BY sequence LIMIT 64";

const RECALLED_AMONG: &str = "
SELECT digest FROM objects WHERE state IN ('recalled', 'withheld') AND digest IN (SELECT value FROM json_each(?1))";

impl Db {
    /// Which of these objects a person has taken back, or held back, meanwhile.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn recalled_among<'a>(
        &self,
        digests: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<String>, EdgeError> {
        let list = serde_json::Value::from_iter(digests).to_string();
        Ok(sqlx::query_scalar(RECALLED_AMONG).bind(list).fetch_all(self.reader()).await?)
    }

    /// Spooled objects after `after`, oldest first.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn pending_objects(&self, after: i64, limit: i64) -> Result<Vec<PendingObject>, EdgeError> {
        let rows = sqlx::query(PENDING).bind(after).bind(limit).fetch_all(self.reader()).await?;
        Ok(rows
            .iter()
            .map(|row| PendingObject {
                sequence: row.get("sequence"),
                digest: row.get("digest"),
                location: Location::of_row(row),
            })
            .collect())
    }

    /// The sequence numbers and manifests of spooled objects, by digest.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn manifests<'a>(
        &self,
        digests: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<(i64, String)>, EdgeError> {
        let list = serde_json::Value::from_iter(digests).to_string();
        Ok(sqlx::query_as(MANIFESTS).bind(list).fetch_all(self.reader()).await?)
    }

    /// Records verified receipts: (digest, receipt as JSON, kept apart at the centre). The wrapped keys are
    /// forgotten with the manifests. Returns the spool segments that may now be unused.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn record_receipts(
        &self,
        receipts: &[(String, String, bool)],
    ) -> Result<Vec<String>, EdgeError> {
        let digests = serde_json::Value::from_iter(receipts.iter().map(|r| r.0.as_str())).to_string();
        let rows: Vec<_> = receipts.iter().map(|(d, r, q)| json!([d, r, i64::from(*q)])).collect();
        let mut tx = self.begin().await?;
        let segments = sqlx::query_scalar(SPOOL_SEGMENTS).bind(digests).fetch_all(&mut *tx).await?;
        sqlx::query(RECEIVED)
            .bind(serde_json::Value::from(rows).to_string())
            .bind(now_us())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(segments)
    }

    /// Records that the centre refuses an object for good. Its bytes stay until a person decides.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn record_refusal(&self, digest: &str, code: &str) -> Result<(), EdgeError> {
        sqlx::query(REFUSED).bind(digest).bind(code).execute(self.writer()).await?;
        Ok(())
    }

    /// Objects that the centre refuses: sequence number and code.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn refused_objects(&self) -> Result<Vec<(i64, String)>, EdgeError> {
        Ok(sqlx::query_as(REFUSED_LIST).fetch_all(self.reader()).await?)
    }

    /// Offers refused objects once more: all, or those with this code.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn offer_again(&self, code: Option<&str>, who: &str) -> Result<u64, EdgeError> {
        let code = code.unwrap_or("");
        let mut tx = self.begin().await?;
        let done = sqlx::query(OFFER_AGAIN).bind(code).execute(&mut *tx).await?.rows_affected();
        self.record_access_in(&mut tx, who, "offer again", code).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Objects of a patient that were made with fewer identifiers known, after sequence number `after`.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn objects_of(&self, patient: &LookUp, after: i64) -> Result<Vec<SentObject>, EdgeError> {
        let rows = sqlx::query(SENT_OF).bind(patient.as_str()).bind(after).fetch_all(self.reader()).await?;
        Ok(rows
            .iter()
            .map(|row| SentObject {
                sequence: row.get("sequence"),
                uid: row.get("uid"),
                headers: row.get("headers"),
            })
            .collect())
    }
}
