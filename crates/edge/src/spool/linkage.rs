//! National numbers of patients, encrypted, for sites that link: from them tokens are made, anew when the secret
//! changes.

use sqlx::Row;
use sumgil_custody::local::Cell;
use sumgil_transfer::statement::{Content, Linkage};
use zeroize::Zeroizing;

use crate::EdgeError;

use super::{Db, LookUp};

/// A patient whose token the centre does not have. Names a patient: no `Debug`.
pub struct LinkageRow {
    /// Whose.
    pub patient_key: LookUp,
    /// The pseudonym.
    pub subject: String,
    /// The normal form of the national number.
    pub number: Zeroizing<String>,
}

const KNOWN: &str = "SELECT number FROM linkage WHERE patient_key = ?1";
const SAVE: &str = "
INSERT INTO linkage (patient_key, subject, number) VALUES (?1, ?2, ?3) ON CONFLICT (patient_key) DO NOTHING";
const UNTOLD: &str = "
SELECT patient_key, subject, number FROM linkage WHERE secret_id IS NULL OR secret_id <> ?1
ORDER BY patient_key LIMIT ?2";
const TOLD: &str = "
UPDATE linkage SET secret_id = ?2, statement = ?3 WHERE patient_key IN (SELECT value FROM json_each(?1))";

fn cell(row: &str) -> Cell<'_> {
    Cell { table: "linkage", row, column: "number" }
}

impl Db {
    /// Keeps a patient's national number. False when another one is known of the patient: the first stays.
    ///
    /// # Errors
    /// [`EdgeError::Database`], [`EdgeError::Damaged`].
    pub async fn save_national_number(
        &self,
        patient: &LookUp,
        subject: &str,
        number: &str,
    ) -> Result<bool, EdgeError> {
        let mut tx = self.begin().await?;
        let known: Option<Vec<u8>> =
            sqlx::query_scalar(KNOWN).bind(patient.as_str()).fetch_optional(&mut *tx).await?;
        if let Some(known) = known {
            return Ok(*self.decrypt(cell(patient.as_str()), &known)? == number.as_bytes());
        }
        let sealed = self.encrypt(cell(patient.as_str()), number.as_bytes())?;
        sqlx::query(SAVE).bind(patient.as_str()).bind(subject).bind(sealed).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// At most `limit` patients whose token under this secret the centre has not been told.
    ///
    /// # Errors
    /// [`EdgeError::Database`], [`EdgeError::Damaged`].
    pub async fn untold_numbers(&self, secret_id: &str, limit: usize) -> Result<Vec<LinkageRow>, EdgeError> {
        let rows = sqlx::query(UNTOLD).bind(secret_id).bind(limit as i64).fetch_all(self.reader()).await?;
        rows.iter()
            .map(|row| {
                let key: String = row.get("patient_key");
                let plain = self.decrypt(cell(&key), row.get("number"))?;
                let number =
                    String::from_utf8(plain.to_vec()).map_err(|_| EdgeError::Damaged("a national number"))?;
                Ok(LinkageRow {
                    subject: row.get("subject"),
                    number: Zeroizing::new(number),
                    patient_key: LookUp::stored(key),
                })
            })
            .collect()
    }

    /// Keeps the statement that tells the centre these patients' tokens.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn state_linkage(&self, linkage: &Linkage, patients: &[LookUp]) -> Result<(), EdgeError> {
        let list = serde_json::Value::from_iter(patients.iter().map(LookUp::as_str)).to_string();
        let mut tx = self.begin().await?;
        let number = self.state_in(&mut tx, &Content::Linkage(linkage.clone())).await?;
        sqlx::query(TOLD).bind(list).bind(linkage.secret_id.as_str()).bind(number).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }
}
