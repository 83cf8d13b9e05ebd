//! The clinical tables of `docs/spec/clinical-csv.md`, each hospital in its own encoding and units.

use sumgil_dicom::charset::encode_korean;
use sumgil_model::Sex;

use super::PhantomError;
use crate::cohort::{COMORBIDITIES, CsvText, SYMPTOMS, Site, Subject};

const SUBJECT_COLUMNS: [&str; 8] =
    ["patient_id", "issuer", "name", "sex", "birth_date", "age_years", "admission_date", "discharge_date"];
const ANSWERS: [&str; 7] = [
    "underlying_disease",
    "fever",
    "cough",
    "nasal_oxygen",
    "mechanical_ventilation",
    "icu_admission",
    "death",
];

/// The table of subjects.
///
/// # Errors
/// [`PhantomError`] when the text does not fit the site's encoding.
pub fn subjects_csv(site: &Site, subjects: &[&Subject]) -> Result<Vec<u8>, PhantomError> {
    let columns = SUBJECT_COLUMNS.iter().chain(&ANSWERS).chain(&COMORBIDITIES).chain(&SYMPTOMS);
    table(site, columns, subjects.iter().map(|subject| subject_row(site, subject)))
}

fn subject_row(site: &Site, subject: &Subject) -> Vec<String> {
    let person = &subject.person;
    let course = &subject.course;
    let discharge = subject.stay.discharge.map(|day| day.to_string()).unwrap_or_default();
    let mut row = vec![
        person.patient_id.clone(),
        site.issuer.unwrap_or_default().to_owned(),
        person.name.joined(),
        sex(person.sex).to_owned(),
        person.birth_date.to_string(),
        subject.age_years.to_string(),
        subject.stay.admission.to_string(),
        discharge,
    ];
    let answers = [course.underlying, course.fever, course.cough];
    row.extend(answers.map(|a| answer(Some(a), subject.number).to_owned()));
    row.push(answer(course.oxygen, subject.number).to_owned());
    row.extend([course.ventilation, course.icu, course.death].map(|a| answer(Some(a), 0).to_owned()));
    row.extend(course.comorbidities.map(|a| answer(Some(a), 0).to_owned()));
    row.extend(course.symptoms.map(|a| answer(a, subject.number).to_owned()));
    row
}

fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "M",
        Sex::Female => "F",
        Sex::Other => "O",
    }
}

/// An answer as the form writes it; hospitals leave out or explain what is missing.
fn answer(answer: Option<bool>, number: u32) -> &'static str {
    match answer {
        Some(true) => "yes",
        Some(false) => "no",
        None => ["", "NA:not_done", "NA:unknown"][number as usize % 3],
    }
}

/// The table of laboratory results.
///
/// # Errors
/// [`PhantomError`] when the text does not fit the site's encoding.
pub fn labs_csv(site: &Site, subjects: &[&Subject]) -> Result<Vec<u8>, PhantomError> {
    let columns =
        ["patient_id", "issuer", "variable", "value", "unit", "reference_low", "reference_high", "at"];
    let limit =
        |limit: Option<f64>, decimals: usize| limit.map(|l| format!("{l:.decimals$}")).unwrap_or_default();
    let rows = subjects.iter().flat_map(|subject| {
        subject.labs.iter().map(move |lab| {
            vec![
                subject.person.patient_id.clone(),
                site.issuer.unwrap_or_default().to_owned(),
                lab.variable.to_owned(),
                lab.value.clone(),
                lab.unit.unit.to_owned(),
                limit(lab.unit.low, lab.unit.decimals),
                limit(lab.unit.high, lab.unit.decimals),
                lab.at.to_string(),
            ]
        })
    });
    table(site, columns.iter(), rows)
}

/// The table of exams: every exam of the archive, those outside the stay too.
///
/// # Errors
/// [`PhantomError`] when the text does not fit the site's encoding.
pub fn exams_csv(site: &Site, subjects: &[&Subject]) -> Result<Vec<u8>, PhantomError> {
    let columns = ["patient_id", "issuer", "accession_number", "indications", "setting", "portable"];
    let rows = subjects.iter().flat_map(|subject| {
        subject.exams.iter().map(move |exam| {
            let indications: Vec<&str> = exam.indications.iter().map(|i| i.code()).collect();
            vec![
                subject.person.patient_id.clone(),
                site.issuer.unwrap_or_default().to_owned(),
                exam.accession.clone(),
                indications.join(";"),
                exam.setting.code().to_owned(),
                if exam.portable { "yes" } else { "no" }.to_owned(),
            ]
        })
    });
    table(site, columns.iter(), rows)
}

fn table<'a>(
    site: &Site,
    columns: impl Iterator<Item = &'a &'static str>,
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<Vec<u8>, PhantomError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(&row)?;
    }
    let bytes = writer.into_inner().map_err(|error| PhantomError::Io(error.into_error()))?;
    match site.csv {
        CsvText::Utf8 => Ok(bytes),
        CsvText::Utf8Bom => Ok([b"\xEF\xBB\xBF".as_slice(), &bytes].concat()),
        CsvText::Cp949 => {
            std::str::from_utf8(&bytes).ok().and_then(encode_korean).ok_or(PhantomError::Encoding)
        }
    }
}
