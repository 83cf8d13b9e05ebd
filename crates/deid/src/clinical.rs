//! Clinical rows through the same door: the same pseudonym, the same shift, the same new study UIDs.

use jiff::civil::Date;
use sumgil_model::{
    ClinicalRecord, ExamNote, Indication, Measured, Observation, Quantity, Setting, Sex, SiteId, Stay, Value,
};

use crate::{DateShift, Deidentified, Error, Identified, Patient, PseudonymKey};

/// What clinical tables say about one patient, days and UIDs as the hospital has them.
#[derive(Clone, Default, PartialEq)]
pub struct ClinicalRows {
    /// Sex, when stated.
    pub sex: Option<Sex>,
    /// Age in completed years at admission, when stated.
    pub age_years: Option<u16>,
    /// The index stay, when stated.
    pub stay: Option<Stay>,
    /// Values of variables.
    pub observations: Vec<Observation>,
    /// Notes about exams whose study is known.
    pub exams: Vec<ExamRow>,
}

/// What the table says about one exam.
#[derive(Clone, PartialEq)]
pub struct ExamRow {
    /// The study's original UID; an accession number is turned into it by whoever received the study.
    pub study_uid: String,
    /// Reasons for the exam.
    pub indications: Vec<Indication>,
    /// Where it was made.
    pub setting: Option<Setting>,
    /// Made at the bedside.
    pub portable: Option<bool>,
}

/// Longest name, unit, code or source, in bytes.
const LONGEST: usize = 64;

/// De-identifies one patient's rows into the record `revision` of `site`.
///
/// Days are shifted as those of the images. Names of variables, units, codes and
/// sources must be machine words: free text has no place here.
///
/// # Errors
/// [`Error::Clinical`] names the variable and what is wrong, not the value.
pub fn deidentify_rows(
    rows: Identified<ClinicalRows>,
    patient: &Patient,
    key: &PseudonymKey,
    site: &SiteId,
    revision: u64,
) -> Result<Deidentified<ClinicalRecord>, Error> {
    let rows = rows.into_inner();
    let shift = key.shift_days(patient.identity());
    let observations = rows
        .observations
        .into_iter()
        .map(|observation| shifted_observation(observation, shift, patient))
        .collect::<Result<_, _>>()?;
    Ok(Deidentified::vouched(ClinicalRecord {
        site: site.clone(),
        subject: key.subject(patient.identity()),
        revision,
        sex: rows.sex,
        age_years: rows.age_years,
        stay: rows.stay.map(|stay| shifted_stay(stay, shift)).transpose()?,
        observations,
        exams: rows.exams.into_iter().map(|exam| new_exam(exam, key)).collect(),
    }))
}

fn new_exam(exam: ExamRow, key: &PseudonymKey) -> ExamNote {
    ExamNote {
        study: key.uid(&exam.study_uid),
        indications: exam.indications,
        setting: exam.setting,
        portable: exam.portable,
    }
}

fn shifted(day: Date, shift: DateShift, variable: &str) -> Result<Date, Error> {
    shift.date(day).ok_or_else(|| refuse(variable, "a day leaves the calendar when shifted"))
}

fn shifted_stay(stay: Stay, shift: DateShift) -> Result<Stay, Error> {
    Ok(Stay {
        admission: shifted(stay.admission, shift, "admission_date")?,
        discharge: stay.discharge.map(|day| shifted(day, shift, "discharge_date")).transpose()?,
    })
}

fn shifted_observation(
    observation: Observation,
    shift: DateShift,
    patient: &Patient,
) -> Result<Observation, Error> {
    let Observation { variable, value } = observation;
    if !is_word(&variable) {
        return Err(refuse("?", "the name of a variable must be a word of a-z, 0-9 and '_'"));
    }
    let value = match value {
        Value::Missing(reason) => Value::Missing(reason),
        Value::Measured(measured) => {
            check_texts(&measured, &variable, patient)?;
            let at = measured.at.map(|day| shifted(day, shift, &variable)).transpose()?;
            Value::Measured(Measured { at, ..measured })
        }
    };
    Ok(Observation { variable, value })
}

fn check_texts(measured: &Measured, variable: &str, patient: &Patient) -> Result<(), Error> {
    let code = match &measured.value {
        Quantity::Code(code) => Some(code.as_str()),
        Quantity::Number(_) | Quantity::Answer(_) => None,
    };
    for word in code.into_iter().chain([measured.source.as_str()]) {
        if !is_word(word) {
            return Err(refuse(variable, "a code must be a word of a-z, 0-9 and '_'"));
        }
    }
    let unit = measured.unit.as_deref().unwrap_or_default();
    if unit.len() > LONGEST || !unit.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(refuse(variable, "the unit is no UCUM unit"));
    }
    if code.into_iter().chain([unit]).any(|text| patient.searcher().in_text(text)) {
        return Err(refuse(variable, "an identifier of the patient is in it"));
    }
    Ok(())
}

fn is_word(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(fits)
}

fn refuse(variable: &str, reason: &'static str) -> Error {
    Error::Clinical { variable: variable.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use sumgil_model::{Quantity, ReferenceRange};

    use super::*;
    use crate::{PatientIdentifiers, PatientIdentity};

    fn patient() -> Patient {
        let mut identifiers = PatientIdentifiers::default();
        identifiers.learn_patient(&["Hong^Gildong"], &["00123456"], Some(date(1961, 11, 2)));
        Patient::new(PatientIdentity::new("hanbit", "00123456"), identifiers)
    }

    fn observation(variable: &str, value: Quantity, unit: Option<&str>, at: Option<Date>) -> Observation {
        let unit = unit.map(str::to_owned);
        let reference_range = ReferenceRange::default();
        let value = Measured { value, unit, reference_range, at, source: "laboratory".into() };
        Observation { variable: variable.into(), value: Value::Measured(value) }
    }

    fn clear(rows: ClinicalRows) -> Result<ClinicalRecord, Error> {
        let (key, site) = (PseudonymKey::from_bytes([7; 32]), SiteId::parse("hanbit").unwrap());
        deidentify_rows(Identified::new(rows), &patient(), &key, &site, 3).map(Deidentified::into_inner)
    }

    #[test]
    fn days_move_together_and_studies_get_their_new_uid() {
        let stay = Stay { admission: date(2020, 3, 4), discharge: Some(date(2020, 3, 21)) };
        let crp = observation("crp", Quantity::Number(2.3), Some("mg/dL"), Some(date(2020, 3, 5)));
        let exam =
            ExamRow { study_uid: "1.2.3.4".into(), indications: vec![], setting: None, portable: None };
        let rows = ClinicalRows {
            stay: Some(stay),
            age_years: Some(97),
            observations: vec![crp],
            exams: vec![exam],
            ..ClinicalRows::default()
        };
        let record = clear(rows).unwrap();
        let key = PseudonymKey::from_bytes([7; 32]);
        let days = key.shift_days(patient().identity()).days();
        let new = record.stay.unwrap();
        assert_eq!((new.admission - stay.admission).get_days(), days);
        assert_eq!((new.discharge.unwrap() - new.admission).get_days(), 17);
        let at = match &record.observations[0].value {
            Value::Measured(measured) => measured.at.unwrap(),
            Value::Missing(_) => panic!("a value went missing"),
        };
        assert_eq!((at - new.admission).get_days(), 1);
        assert_eq!(record.exams[0].study, key.uid("1.2.3.4"));
        assert_eq!((record.revision, record.age_years), (3, Some(97)));
    }

    #[test]
    fn free_text_and_identifiers_do_not_pass() {
        let with = |o| clear(ClinicalRows { observations: vec![o], ..ClinicalRows::default() });
        let number = |unit| observation("crp", Quantity::Number(1.0), Some(unit), None);
        assert!(with(number("mg/dL")).is_ok());
        assert!(with(number("홍길동")).is_err());
        assert!(with(number("00123456")).is_err());
        assert!(with(observation("who", Quantity::Code("hong gildong".into()), None, None)).is_err());
        assert!(with(observation("Hong Gildong", Quantity::Answer(true), None, None)).is_err());
    }
}
