//! From tables to sealed records: everything is de-identified and sealed first, then committed at once.

use serde::Serialize;
use sumgil_deid::{
    Identified, Patient, PatientIdentifiers, PatientIdentity,
    clinical::{ClinicalRows, deidentify_rows},
    linkage::NationalNumber,
};

use crate::{
    Edge, EdgeError,
    config::{Policy, Waits},
    intake::patient_key,
    linkage::learn_numbers,
    pipeline::{SealedObject, Sealer, learn_patient},
    spool::{LookUp, NewRecord, write_segment},
};

use super::{Note, PatientRows, Tables, note::record_id, send_ripe_notes};

/// What an import came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Patients in the tables.
    pub patients: u64,
    /// Records sealed and spooled: new or corrected data.
    pub records: u64,
    /// Patients of whom the tables of subjects and labs say nothing new.
    pub unchanged: u64,
    /// Exam notes taken in, new or corrected.
    pub notes: u64,
    /// Patients whom the policy keeps out; import again when that changes.
    pub kept_by_policy: u64,
    /// Patients whose data cannot be de-identified, with the reason; nothing at all is then imported.
    pub refused: Vec<String>,
}

/// A record that is sealed but not yet in the spool.
struct Ready {
    sealed: SealedObject,
    patient_key: LookUp,
    parts: Vec<(String, LookUp)>,
    revision: i64,
}

/// Imports tables without problems.
///
/// # Errors
/// Disk and database errors; importing the same tables again completes the rest.
pub async fn import_tables(
    edge: &Edge,
    policy: &Policy,
    sealer: &Sealer,
    tables: Tables,
) -> Result<Imported, EdgeError> {
    let mut imported = Imported { patients: tables.patients.len() as u64, ..Imported::default() };
    let (mut ready, mut notes) = (Vec::new(), Vec::new());
    for ((issuer, id), rows) in tables.patients {
        let opted_out = policy.patient_verdict(&issuer, &id) == Some(Waits::OptedOut);
        let identity = real_identity(edge, PatientIdentity::new(&issuer, &id)).await?;
        if opted_out || policy.patient_verdict(identity.issuer(), identity.patient_id()).is_some() {
            imported.kept_by_policy += 1;
            continue;
        }
        let patient = learn(edge, identity, &rows).await?;
        let key = patient_key(&edge.db, patient.identity());
        link(edge, &patient, &key, &rows).await?;
        notes.push((key.clone(), rows.notes.clone()));
        match seal(edge, sealer, &patient, &key, rows).await? {
            Sealing::Ready(record) => ready.push(*record),
            Sealing::Known => imported.unchanged += 1,
            Sealing::Nothing => {}
            Sealing::Refused(reason) => imported.refused.push(reason),
        }
    }
    if !imported.refused.is_empty() {
        return Ok(imported);
    }
    imported.records = ready.len() as u64;
    spool(edge, ready).await?;
    for (key, notes) in notes {
        imported.notes += save_notes(edge, &key, &notes).await?;
        send_ripe_notes(edge, policy, sealer, &key).await?;
    }
    Ok(imported)
}

/// Whose the rows really are, where two patients turned out to be one.
async fn real_identity(edge: &Edge, identity: PatientIdentity) -> Result<PatientIdentity, EdgeError> {
    let alias = edge.db.real_patient(&patient_key(&edge.db, &identity), None).await?;
    Ok(alias.map_or(identity, |alias| PatientIdentity::new(&alias.identity.0, &alias.identity.1)))
}

/// Keeps the national numbers of the table, where linkage is on.
async fn link(edge: &Edge, patient: &Patient, key: &LookUp, rows: &PatientRows) -> Result<(), EdgeError> {
    if edge.linkage.is_none() {
        return Ok(());
    }
    let numbers: Vec<_> = rows.numbers.iter().filter_map(|text| NationalNumber::resident(text)).collect();
    let subject = edge.secrets.pseudonym.subject(patient.identity());
    learn_numbers(edge, key, subject.as_str(), &numbers).await
}

async fn learn(edge: &Edge, identity: PatientIdentity, rows: &PatientRows) -> Result<Patient, EdgeError> {
    let names: Vec<&str> = rows.names.iter().map(String::as_str).collect();
    let mut numbers = vec![identity.patient_id().to_owned()];
    numbers.extend(rows.numbers.iter().cloned());
    numbers.extend(rows.notes.iter().map(|note| note.accession_number.clone()));
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let mut identifiers = PatientIdentifiers::default();
    identifiers.learn_patient(&names, &numbers, rows.births.first().copied());
    identifiers.learn_dates(rows.days());
    learn_patient(edge, identity, identifiers).await
}

enum Sealing {
    Ready(Box<Ready>),
    Known,
    Nothing,
    Refused(String),
}

/// Seals what is new of the table of subjects and the laboratory results, as one record.
async fn seal(
    edge: &Edge,
    sealer: &Sealer,
    patient: &Patient,
    key: &LookUp,
    rows: PatientRows,
) -> Result<Sealing, EdgeError> {
    let (mut new, mut parts, mut known) = (ClinicalRows::default(), Vec::new(), false);
    if let Some(subject) = rows.subject {
        let stated = (subject.sex, subject.age_years, subject.stay, &subject.observations);
        let content = content_key(edge, &stated)?;
        if edge.db.part_is_known(key, "subjects", &content).await? {
            known = true;
        } else {
            parts.push(("subjects".to_owned(), content));
            new = subject;
        }
    }
    if !rows.labs.is_empty() {
        let content = content_key(edge, &rows.labs)?;
        if edge.db.part_is_known(key, "labs", &content).await? {
            known = true;
        } else {
            parts.push(("labs".to_owned(), content));
            new.observations.extend(rows.labs);
        }
    }
    if parts.is_empty() {
        return Ok(if known { Sealing::Known } else { Sealing::Nothing });
    }
    let revision = edge.db.next_revision().await?;
    let pseudonyms = &edge.secrets.pseudonym;
    let site = &edge.enrolment.site;
    let record = match deidentify_rows(Identified::new(new), patient, pseudonyms, site, revision as u64) {
        Ok(record) => record,
        Err(error) => return Ok(Sealing::Refused(error.to_string())),
    };
    let sealed = sealer.record(&record, &record_id(&record.get().subject, revision))?;
    Ok(Sealing::Ready(Box::new(Ready { sealed, patient_key: key.clone(), parts, revision })))
}

fn content_key(edge: &Edge, content: &impl Serialize) -> Result<LookUp, EdgeError> {
    let text = serde_json::to_vec(content).map_err(|_| EdgeError::Damaged("a clinical row"))?;
    Ok(edge.db.look_up_bytes("clinical content", &text))
}

async fn spool(edge: &Edge, ready: Vec<Ready>) -> Result<(), EdgeError> {
    if ready.is_empty() {
        return Ok(());
    }
    let pieces: Vec<&[u8]> = ready.iter().map(|r| r.sealed.bytes.as_slice()).collect();
    let (locations, written) = write_segment(edge.spool.dir(), &pieces)?;
    let records: Vec<NewRecord> = ready
        .into_iter()
        .zip(locations)
        .map(|(r, location)| NewRecord {
            object: r.sealed.into_row(r.patient_key, location),
            parts: r.parts,
            revision: r.revision,
            notes: Vec::new(),
        })
        .collect();
    edge.db.save_records(&records).await?;
    drop(written);
    Ok(())
}

async fn save_notes(edge: &Edge, patient: &LookUp, notes: &[Note]) -> Result<u64, EdgeError> {
    let mut saved = 0;
    for note in notes {
        let accession = edge.db.accession_key(patient, &note.accession_number);
        let body = serde_json::to_vec(note).map_err(|_| EdgeError::Damaged("an exam note"))?;
        let content = edge.db.look_up_bytes("clinical content", &body);
        saved += u64::from(edge.db.save_note(patient, &accession, &content, &body).await?);
    }
    Ok(saved)
}
