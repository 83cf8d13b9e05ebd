//! Which rows a person means with a study, an instance, an accession number or a patient.

use sqlx::{Row, sqlite::SqliteRow};

use crate::EdgeError;

use super::{Db, LookUp};

/// An object that may be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownObject {
    /// Its sequence number.
    pub sequence: i64,
    /// Its name.
    pub digest: String,
    /// `instance` or `clinical`.
    pub kind: String,
    /// New SOP instance UID or record id.
    pub uid: String,
    /// New study UID; empty for clinical records, and for what an older program has sent.
    pub study: String,
    /// The subject.
    pub subject: String,
    /// Whether the centre has acknowledged it.
    pub sent: bool,
}

/// What a person means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meant {
    /// Sealed objects that are not recalled yet, in the order of their sequence numbers.
    pub objects: Vec<KnownObject>,
    /// Instances that are still here, unsealed: held, waiting or in quarantine.
    pub unsealed: Vec<i64>,
    /// Fingerprints by which the same is recognised when it arrives again.
    pub keys: Vec<LookUp>,
}

macro_rules! objects {
    ($what:literal) => {
        concat!(
            "SELECT DISTINCT o.sequence, o.digest, o.kind, o.uid, o.study, o.subject, o.state FROM objects o ",
            $what,
            " AND o.state <> 'recalled' ORDER BY o.sequence"
        )
    };
}

const OF_STUDY: &str = objects!("JOIN instances i ON i.sequence = o.sequence WHERE i.study_key = ?1");
const OF_SOP: &str = objects!("JOIN instances i ON i.sequence = o.sequence WHERE i.sop_key = ?1");
const BY_STUDY: &str = objects!("WHERE o.study = ?1");
const BY_UID: &str = objects!("WHERE o.uid = ?1");
const OF_PATIENT: &str = objects!("WHERE o.patient_key = ?1");

const UNSEALED: &str = "
SELECT id FROM instances
WHERE (study_key = ?1 OR sop_key = ?1) AND state IN ('held', 'waiting', 'quarantined', 'refused') ORDER BY id";

const KNOWN: &str = "SELECT count(*) FROM instances WHERE study_key = ?1 OR sop_key = ?1";

const KEYS: &str = "
SELECT DISTINCT study_key, sop_key FROM instances WHERE sequence IN (SELECT value FROM json_each(?1))";

const WITHOUT_STUDY: &str = "
SELECT sequence, uid, headers FROM objects
WHERE study = '' AND kind = 'instance' AND headers IS NOT NULL AND state <> 'recalled' AND sequence > ?1
ORDER BY sequence LIMIT 256";

const NOTE_STUDY: &str = "UPDATE objects SET study = ?2 WHERE sequence = ?1 AND study = ''";

const ACCESSIONS: &str = "SELECT accession_key, patient_key FROM accessions";

impl Db {
    /// The study with this original UID, if anything of it has been here.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn meant_by_original(&self, uid: &str) -> Result<Option<(Meant, bool)>, EdgeError> {
        for (purpose, sql, is_study) in [("study", OF_STUDY, true), ("sop instance", OF_SOP, false)] {
            let key = self.look_up(purpose, &[uid]);
            let known: i64 = sqlx::query_scalar(KNOWN).bind(key.as_str()).fetch_one(self.reader()).await?;
            if known > 0 {
                let objects = self.known_objects(sql, key.as_str()).await?;
                let unsealed =
                    sqlx::query_scalar(UNSEALED).bind(key.as_str()).fetch_all(self.reader()).await?;
                return Ok(Some((Meant { objects, unsealed, keys: vec![key] }, is_study)));
            }
        }
        Ok(None)
    }

    /// What has this new study UID, or this new SOP instance UID or record id.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn meant_by_new(&self, uid: &str) -> Result<Option<(Meant, bool)>, EdgeError> {
        for (sql, is_study) in [(BY_STUDY, true), (BY_UID, false)] {
            let objects = self.known_objects(sql, uid).await?;
            if !objects.is_empty() {
                return Ok(Some((self.with_keys(objects, is_study).await?, is_study)));
            }
        }
        Ok(None)
    }

    /// Everything that was sealed of a patient.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn meant_by_patient(&self, patient: &LookUp) -> Result<Meant, EdgeError> {
        let objects = self.known_objects(OF_PATIENT, patient.as_str()).await?;
        Ok(Meant { objects, ..Meant::default() })
    }

    /// The fingerprints of the studies, or else of the instances, that these objects were made of.
    async fn with_keys(&self, objects: Vec<KnownObject>, is_study: bool) -> Result<Meant, EdgeError> {
        let list = serde_json::Value::from_iter(objects.iter().map(|o| o.sequence)).to_string();
        let rows = sqlx::query(KEYS).bind(list).fetch_all(self.reader()).await?;
        let column = if is_study { "study_key" } else { "sop_key" };
        let mut keys: Vec<LookUp> = rows.iter().map(|row| LookUp::stored(row.get(column))).collect();
        keys.sort();
        keys.dedup();
        let mut unsealed = Vec::new();
        for key in &keys {
            let more: Vec<i64> =
                sqlx::query_scalar(UNSEALED).bind(key.as_str()).fetch_all(self.reader()).await?;
            unsealed.extend(more);
        }
        Ok(Meant { objects, unsealed, keys })
    }

    async fn known_objects(&self, sql: &'static str, key: &str) -> Result<Vec<KnownObject>, EdgeError> {
        Ok(sqlx::query(sql).bind(key).fetch_all(self.reader()).await?.iter().map(known_object).collect())
    }

    /// Objects that an older program has sealed, which did not note their study: sequence, UID, encrypted headers.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn objects_without_study(&self, after: i64) -> Result<Vec<(i64, String, Vec<u8>)>, EdgeError> {
        Ok(sqlx::query_as(WITHOUT_STUDY).bind(after).fetch_all(self.reader()).await?)
    }

    /// Notes the study of an object that an older program has sealed.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn note_study(&self, sequence: i64, study: &str) -> Result<(), EdgeError> {
        sqlx::query(NOTE_STUDY).bind(sequence).bind(study).execute(self.writer()).await?;
        Ok(())
    }

    /// The original UIDs of the studies with this accession number, whoever's they are.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn studies_of_accession(&self, number: &str) -> Result<Vec<String>, EdgeError> {
        let rows = sqlx::query(ACCESSIONS).fetch_all(self.reader()).await?;
        let mut studies = Vec::new();
        for row in &rows {
            let (key, patient): (String, String) = (row.get("accession_key"), row.get("patient_key"));
            let key = LookUp::stored(key);
            if self.accession_key(&LookUp::stored(patient), number) == key
                && let Some(uid) = self.study_of_accession(&key).await?
                && !studies.contains(&*uid)
            {
                studies.push(uid.to_string());
            }
        }
        Ok(studies)
    }
}

fn known_object(row: &SqliteRow) -> KnownObject {
    KnownObject {
        sequence: row.get("sequence"),
        digest: row.get("digest"),
        kind: row.get("kind"),
        uid: row.get("uid"),
        study: row.get("study"),
        subject: row.get("subject"),
        sent: row.get::<&str, _>("state") == "sent",
    }
}
