//! What is known of patients: identities and identifiers (encrypted), and which study an accession number is.

use sqlx::{Row, sqlite::SqliteRow};
use sumgil_custody::local::Cell;
use zeroize::Zeroizing;

use crate::EdgeError;

use super::{Db, LookUp, now_us};

/// One patient. Identities are plain in memory only.
pub struct PatientRow {
    /// The fingerprint of issuer and patient ID.
    pub patient_key: LookUp,
    /// The pseudonym.
    pub subject: String,
    /// Issuer and patient ID.
    pub identity: (String, String),
    /// The identifiers known, in the form of `deid`.
    pub identifiers: Zeroizing<Vec<u8>>,
}

const BY_KEY: &str =
    "SELECT patient_key, subject, identity, identifiers FROM patients WHERE patient_key = ?1";
const BY_SUBJECT: &str =
    "SELECT patient_key, subject, identity, identifiers FROM patients WHERE subject = ?1";

const ALL: &str = "SELECT patient_key, subject, identity, identifiers FROM patients ORDER BY patient_key";

const SAVE: &str = "
INSERT INTO patients (patient_key, subject, identity, identifiers, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (patient_key) DO UPDATE SET identifiers = excluded.identifiers, updated_at = excluded.updated_at";

const SAVE_ACCESSION: &str = "
INSERT INTO accessions (accession_key, patient_key, study_uid) VALUES (?1, ?2, ?3)
ON CONFLICT (accession_key) DO NOTHING";

const ACCESSION: &str = "SELECT study_uid FROM accessions WHERE accession_key = ?1";

fn cell<'a>(row: &'a str, column: &'a str) -> Cell<'a> {
    Cell { table: "patients", row, column }
}

impl Db {
    /// The patient with this fingerprint.
    ///
    /// # Errors
    /// [`EdgeError::Database`]; [`EdgeError::Damaged`] under another local key.
    pub async fn patient(&self, key: &LookUp) -> Result<Option<PatientRow>, EdgeError> {
        self.one_patient(BY_KEY, key.as_str()).await
    }

    /// The patient with this pseudonym.
    ///
    /// # Errors
    /// As [`Db::patient`].
    pub async fn patient_of_subject(&self, subject: &str) -> Result<Option<PatientRow>, EdgeError> {
        self.one_patient(BY_SUBJECT, subject).await
    }

    async fn one_patient(&self, sql: &'static str, key: &str) -> Result<Option<PatientRow>, EdgeError> {
        let row = sqlx::query(sql).bind(key).fetch_optional(self.reader()).await?;
        row.map(|row| self.open_patient(&row)).transpose()
    }

    /// Every patient with this number, whoever issued it. Opens each row: identities cannot be searched otherwise.
    ///
    /// # Errors
    /// As [`Db::patient`].
    pub async fn patients_with_id(&self, patient_id: &str) -> Result<Vec<PatientRow>, EdgeError> {
        let rows = sqlx::query(ALL).fetch_all(self.reader()).await?;
        let mut found = Vec::new();
        for row in &rows {
            let patient = self.open_patient(row)?;
            if patient.identity.1 == patient_id {
                found.push(patient);
            }
        }
        Ok(found)
    }

    fn open_patient(&self, row: &SqliteRow) -> Result<PatientRow, EdgeError> {
        let key: String = row.get("patient_key");
        let identity = self.decrypt(cell(&key, "identity"), row.get("identity"))?;
        let identity =
            serde_json::from_slice(&identity).map_err(|_| EdgeError::Damaged("a patient's row"))?;
        let identifiers = self.decrypt(cell(&key, "identifiers"), row.get("identifiers"))?;
        Ok(PatientRow {
            subject: row.get("subject"),
            identity,
            identifiers,
            patient_key: LookUp::stored(key),
        })
    }

    /// Changes what is known of a patient while nobody else does. `change` gets the row as it is and gives the row
    /// to be saved, or `None` to leave it. Identity and pseudonym of a known patient stay as they are.
    ///
    /// # Errors
    /// [`EdgeError::Database`], and those of `change`.
    pub async fn update_patient<T: Send>(
        &self,
        key: &LookUp,
        change: impl FnOnce(Option<PatientRow>) -> Result<(Option<PatientRow>, T), EdgeError> + Send,
    ) -> Result<T, EdgeError> {
        let mut tx = self.begin().await?;
        let row = sqlx::query(BY_KEY).bind(key.as_str()).fetch_optional(&mut *tx).await?;
        let row = row.map(|row| self.open_patient(&row)).transpose()?;
        let (changed, result) = change(row)?;
        if let Some(patient) = changed {
            let key = patient.patient_key.as_str();
            let identity = Zeroizing::new(
                serde_json::to_vec(&patient.identity).map_err(|_| EdgeError::Damaged("a patient's row"))?,
            );
            sqlx::query(SAVE)
                .bind(key)
                .bind(&patient.subject)
                .bind(self.encrypt(cell(key, "identity"), &identity)?)
                .bind(self.encrypt(cell(key, "identifiers"), &patient.identifiers)?)
                .bind(now_us())
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(result)
    }

    /// The fingerprint of a patient's accession number.
    pub fn accession_key(&self, patient: &LookUp, accession_number: &str) -> LookUp {
        self.look_up("accession", &[patient.as_str(), accession_number.trim()])
    }

    /// Remembers which study (original UID) an accession number is.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn save_accession(
        &self,
        patient: &LookUp,
        accession: &LookUp,
        study_uid: &str,
    ) -> Result<(), EdgeError> {
        let cell = Cell { table: "accessions", row: accession.as_str(), column: "study_uid" };
        sqlx::query(SAVE_ACCESSION)
            .bind(accession.as_str())
            .bind(patient.as_str())
            .bind(self.encrypt(cell, study_uid.as_bytes())?)
            .execute(self.writer())
            .await?;
        Ok(())
    }

    /// The original UID of the study with this accession number, once it has arrived.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn study_of_accession(
        &self,
        accession: &LookUp,
    ) -> Result<Option<Zeroizing<String>>, EdgeError> {
        let row = sqlx::query(ACCESSION).bind(accession.as_str()).fetch_optional(self.reader()).await?;
        let Some(row) = row else { return Ok(None) };
        let cell = Cell { table: "accessions", row: accession.as_str(), column: "study_uid" };
        let plain = self.decrypt(cell, row.get("study_uid"))?;
        let text = String::from_utf8(plain.to_vec()).map_err(|_| EdgeError::Damaged("an accession's row"))?;
        Ok(Some(Zeroizing::new(text)))
    }
}
