//! Clinical records: what a record names replaces what an older revision said about it, in one transaction.

use std::collections::BTreeMap;

use sumgil_model::{
    ClinicalRecord, ExamNote, MissingReason, Observation, ProtocolId, Quantity, SubjectId, Value,
};

use super::{
    StoreError,
    commit::{self, Fit, LinkObject, Outcome},
    db::{Source, Tx, params},
    objects::{Committed, NewObject},
    subjects::sex_letter,
};

/// A received clinical record, ready for its one transaction.
pub struct ClinicalRows {
    /// The sealed object; its `kind` is `Clinical`, its `uid` the record's id.
    pub object: NewObject,
    /// The protocols that the subject is enrolled in by this arrival; at least one.
    pub protocols: Vec<ProtocolId>,
    /// What the record says.
    pub record: ClinicalRecord,
}

const ADD_RECORD: &str = "INSERT INTO clinical_record (object_digest, subject_id, revision, received_at) \
    VALUES ($1, $2, $3, $4)";
const SET_SEX: &str = "UPDATE subject SET sex = $2, sex_revision = $3 WHERE id = $1 AND sex_revision <= $3";
const SET_AGE: &str =
    "UPDATE subject SET age_years = $2, age_revision = $3 WHERE id = $1 AND age_revision <= $3";
const SET_STAY: &str = "INSERT INTO stay (subject_id, admission, discharge, revision) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (subject_id) DO UPDATE \
    SET admission = excluded.admission, discharge = excluded.discharge, revision = excluded.revision \
    WHERE stay.revision <= excluded.revision";
const REVISION_OF_VARIABLE: &str = "SELECT COALESCE(MAX(revision), -1) AS revision FROM observation \
    WHERE subject_id = $1 AND variable = $2";
const CLEAR_VARIABLE: &str = "DELETE FROM observation WHERE subject_id = $1 AND variable = $2";
const ADD_OBSERVATION: &str = "INSERT INTO observation (subject_id, variable, ordinal, revision, number, \
    answer, code, missing, unit, reference_low, reference_high, at, source) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
const SET_NOTE: &str = "INSERT INTO exam_note (study_uid, subject_id, revision, indications, setting, \
    portable) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (subject_id, study_uid) DO UPDATE \
    SET revision = excluded.revision, indications = excluded.indications, setting = excluded.setting, \
    portable = excluded.portable WHERE exam_note.revision <= excluded.revision";

/// Commits a received clinical record: object row with its wrapped key, clinical rows and audit line, in the
/// caller's transaction. Parts that a newer revision has set already are left as they are.
///
/// # Errors
/// A database error; an unknown site or protocol breaks a foreign key.
pub async fn commit(tx: &mut Tx, rows: ClinicalRows, link: LinkObject) -> Result<Committed, StoreError> {
    let ClinicalRows { object, protocols, record } = rows;
    if record.subject != object.subject || record.site != object.site {
        return Ok(Committed::Refused(super::subjects::Refused::IdentityMismatch));
    }
    let object = match commit::object(tx, object, &protocols, Fit::Free, link).await? {
        Outcome::Done(committed) => return Ok(committed),
        Outcome::Index(object) => object,
    };
    let row = params![&object.digest, &object.subject, record.revision, object.received_at];
    tx.execute(ADD_RECORD, row).await?;
    apply(tx, &record).await?;
    Ok(Committed::New(object))
}

async fn apply(tx: &mut Tx, record: &ClinicalRecord) -> Result<(), StoreError> {
    let (subject, revision) = (&record.subject, record.revision);
    if let Some(sex) = record.sex {
        tx.execute(SET_SEX, params![subject, sex_letter(sex), revision]).await?;
    }
    if let Some(age_years) = record.age_years {
        tx.execute(SET_AGE, params![subject, age_years, revision]).await?;
    }
    if let Some(stay) = record.stay {
        let discharge = stay.discharge.map(|day| day.to_string());
        tx.execute(SET_STAY, params![subject, stay.admission.to_string(), discharge, revision]).await?;
    }
    for (variable, values) in by_variable(&record.observations) {
        replace_variable(tx, subject, variable, revision, &values).await?;
    }
    for note in &record.exams {
        set_note(tx, subject, revision, note).await?;
    }
    Ok(())
}

fn by_variable(observations: &[Observation]) -> BTreeMap<&str, Vec<&Value>> {
    let mut variables: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for observation in observations {
        variables.entry(&observation.variable).or_default().push(&observation.value);
    }
    variables
}

async fn replace_variable(
    tx: &mut Tx,
    subject: &SubjectId,
    variable: &str,
    revision: u64,
    values: &[&Value],
) -> Result<(), StoreError> {
    let known = tx.first(REVISION_OF_VARIABLE.into(), params![subject, variable]).await?;
    let newest = known.map_or(Ok(-1), |row| row.integer("revision"))?;
    if newest > i64::try_from(revision).unwrap_or(i64::MAX) {
        return Ok(());
    }
    tx.execute(CLEAR_VARIABLE, params![subject, variable]).await?;
    for (ordinal, value) in values.iter().enumerate() {
        add_observation(tx, subject, variable, ordinal as u64, revision, value).await?;
    }
    Ok(())
}

async fn add_observation(
    tx: &mut Tx,
    subject: &SubjectId,
    variable: &str,
    ordinal: u64,
    revision: u64,
    value: &Value,
) -> Result<(), StoreError> {
    let (mut number, mut answer, mut code, mut missing) = (None, None, None, None);
    let mut measured = None;
    match value {
        Value::Missing(reason) => missing = Some(missing_word(*reason)),
        Value::Measured(found) => {
            match &found.value {
                Quantity::Number(value) => number = Some(*value),
                Quantity::Answer(value) => answer = Some(*value),
                Quantity::Code(value) => code = Some(value.clone()),
            }
            measured = Some(found);
        }
    }
    let row = params![
        subject,
        variable,
        ordinal,
        revision,
        number,
        answer,
        code,
        missing,
        measured.and_then(|m| m.unit.clone()),
        measured.and_then(|m| m.reference_range.low),
        measured.and_then(|m| m.reference_range.high),
        measured.and_then(|m| m.at).map(|day| day.to_string()),
        measured.map(|m| m.source.clone()),
    ];
    tx.execute(ADD_OBSERVATION, row).await.map(|_| ())
}

async fn set_note(
    tx: &mut Tx,
    subject: &SubjectId,
    revision: u64,
    note: &ExamNote,
) -> Result<(), StoreError> {
    let indications: Vec<&str> = note.indications.iter().map(|indication| indication.code()).collect();
    let row = params![
        &note.study,
        subject,
        revision,
        indications.join(";"),
        note.setting.map(|setting| setting.code()),
        note.portable,
    ];
    tx.execute(SET_NOTE, row).await.map(|_| ())
}

const MISSING: &[(MissingReason, &str)] = &[
    (MissingReason::NotRecorded, "not_recorded"),
    (MissingReason::NotDone, "not_done"),
    (MissingReason::Unknown, "unknown"),
    (MissingReason::NotApplicable, "not_applicable"),
    (MissingReason::Withheld, "withheld"),
];

fn missing_word(reason: MissingReason) -> &'static str {
    MISSING.iter().find(|(known, _)| *known == reason).map_or("not_recorded", |(_, word)| word)
}

/// The reverse of [`missing_word`].
pub(super) fn missing_reason(word: &str) -> Option<MissingReason> {
    MISSING.iter().find(|(_, known)| *known == word).map(|(reason, _)| *reason)
}
