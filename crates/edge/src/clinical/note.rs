//! Exam notes wait here until their study has arrived, and then go with its new UID.

use serde::{Deserialize, Serialize};
use sumgil_deid::{
    Identified,
    clinical::{ClinicalRows, ExamRow, deidentify_rows},
};
use sumgil_model::{Indication, Setting};

use crate::{
    Edge, EdgeError,
    config::Policy,
    pipeline::{Sealer, known_patient},
    spool::{LookUp, NewRecord, write_segment},
};

/// What the table of exams says about one exam. Identified; its JSON rests encrypted.
#[derive(Clone, Serialize, Deserialize)]
pub struct Note {
    /// The hospital's number of the exam.
    pub accession_number: String,
    /// Why it was made.
    pub indications: Vec<Indication>,
    /// Where it was made.
    pub setting: Option<Setting>,
    /// At the bedside.
    pub portable: Option<bool>,
}

/// Sends the notes of a patient whose study is here, as one record. Returns how many records were spooled.
///
/// # Errors
/// Disk and database errors; the notes then still wait.
pub async fn send_ripe_notes(
    edge: &Edge,
    policy: &Policy,
    sealer: &Sealer,
    patient_key: &LookUp,
) -> Result<usize, EdgeError> {
    let waiting = edge.db.ripe_notes(patient_key).await?;
    let Some(patient) = known_patient(edge, patient_key).await? else { return Ok(0) };
    let identity = patient.identity();
    if waiting.is_empty() || policy.patient_verdict(identity.issuer(), identity.patient_id()).is_some() {
        return Ok(0);
    }
    let (mut exams, mut parts, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for one in waiting {
        let Some(study_uid) = edge.db.study_of_accession(&one.accession_key).await? else { continue };
        let note: Note = serde_json::from_slice(&one.body).map_err(|_| EdgeError::Damaged("an exam note"))?;
        exams.push(ExamRow {
            study_uid: study_uid.to_string(),
            indications: note.indications,
            setting: note.setting,
            portable: note.portable,
        });
        parts.push((format!("exam:{}", one.accession_key), one.content_key));
        notes.push(one.id);
    }
    let revision = edge.db.next_revision().await?;
    let rows = Identified::new(ClinicalRows { exams, ..ClinicalRows::default() });
    let key = &edge.secrets.pseudonym;
    let record = deidentify_rows(rows, &patient, key, &edge.enrolment.site, revision as u64)
        .map_err(|_| EdgeError::Damaged("an exam note"))?;
    let sealed = sealer.record(&record, &record_id(&record.get().subject, revision))?;
    let (locations, written) = write_segment(edge.spool.dir(), &[sealed.bytes.as_slice()])?;
    let Some(location) = locations.into_iter().next() else { return Ok(0) };
    let object = sealed.into_row(patient_key.clone(), location);
    let saved = edge.db.save_records(&[NewRecord { object, parts, revision, notes }]).await?;
    drop(written);
    Ok(usize::from(saved))
}

/// The id of a record: its subject and revision, which grows with every import.
pub(super) fn record_id(subject: &sumgil_model::SubjectId, revision: i64) -> String {
    format!("{subject}.r{revision}")
}
