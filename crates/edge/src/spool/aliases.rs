//! Patients that turned out to be somebody else, and studies that were filed under a wrong patient: what arrives of
//! them from then on is treated as the right patient's.

use sqlx::Row;
use sumgil_custody::local::Cell;
use zeroize::Zeroizing;

use crate::EdgeError;

use super::{Db, LookUp, now_us};

/// Whose something really is. Names a patient: no `Debug`.
#[derive(Clone)]
pub struct Alias {
    /// The right patient's fingerprint.
    pub patient_key: LookUp,
    /// Issuer and patient ID.
    pub identity: (String, String),
}

const SAVE: &str = "
INSERT INTO aliases (key, into_key, identity, at, who) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (key) DO UPDATE
SET into_key = excluded.into_key, identity = excluded.identity, at = excluded.at, who = excluded.who";

const ONE: &str = "SELECT into_key, identity FROM aliases WHERE key = ?1";

/// Longest chain of merged patients that is followed.
const LONGEST: usize = 16;

fn cell(key: &str) -> Cell<'_> {
    Cell { table: "aliases", row: key, column: "identity" }
}

impl Db {
    /// From now on what has this fingerprint (of a patient or of a study) is the other patient's.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn save_alias(&self, key: &LookUp, into: &Alias, who: &str) -> Result<(), EdgeError> {
        let plain =
            Zeroizing::new(serde_json::to_vec(&into.identity).map_err(|_| EdgeError::Damaged("an alias"))?);
        let mut tx = self.begin().await?;
        sqlx::query(SAVE)
            .bind(key.as_str())
            .bind(into.patient_key.as_str())
            .bind(self.encrypt(cell(key.as_str()), &plain)?)
            .bind(now_us())
            .bind(who)
            .execute(&mut *tx)
            .await?;
        self.record_access_in(&mut tx, who, "subject alias", &format!("{key} is {}", into.patient_key))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whose the instances of this patient in this study really are; none when they are the patient's own. A study's
    /// own alias comes first; chains are followed to their end.
    ///
    /// # Errors
    /// [`EdgeError::Database`], [`EdgeError::Damaged`].
    pub async fn real_patient(
        &self,
        patient: &LookUp,
        study: Option<&LookUp>,
    ) -> Result<Option<Alias>, EdgeError> {
        let mut found = match study {
            Some(study) => self.alias(study).await?,
            None => None,
        };
        for _ in 0..LONGEST {
            let of = found.as_ref().map_or(patient, |alias| &alias.patient_key);
            match self.alias(of).await? {
                Some(next) => found = Some(next),
                None => break,
            }
        }
        Ok(found)
    }

    async fn alias(&self, key: &LookUp) -> Result<Option<Alias>, EdgeError> {
        let row = sqlx::query(ONE).bind(key.as_str()).fetch_optional(self.reader()).await?;
        let Some(row) = row else { return Ok(None) };
        let plain = self.decrypt(cell(key.as_str()), row.get("identity"))?;
        let identity = serde_json::from_slice(&plain).map_err(|_| EdgeError::Damaged("an alias"))?;
        Ok(Some(Alias { patient_key: LookUp::stored(row.get("into_key")), identity }))
    }
}
