//! Everything that identifies a subject, for tests that search for it where it must not be.

use serde::{Deserialize, Serialize};
use sumgil_model::{ExamKind, SiteId};

use crate::cohort::{Site, Subject};

/// One text that identifies a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    /// `name`, `patient_id`, `former_id`, `resident_number`, `phone`, `address`, `birth_date` or `accession`.
    pub kind: String,
    /// The text as files and tables have it.
    pub value: String,
}

/// A line of `truth.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// Site code.
    pub site: SiteId,
    /// Folder of the site under the output folder.
    pub folder: String,
    /// Number of the subject in the cohort.
    pub number: u32,
    /// Local patient number.
    pub patient_id: String,
    /// Issuer of the patient number, where the site writes one.
    pub issuer: Option<String>,
    /// Every identifying text that was planted.
    pub identifiers: Vec<Identifier>,
    /// Every day of the subject that stands in a file or table, `YYYY-MM-DD`.
    pub dates: Vec<String>,
    /// Study, series and SOP instance UIDs.
    pub uids: Vec<String>,
    /// Names of staff at the site that files carry.
    pub staff: Vec<String>,
    /// Share of lung with lesions at the worst day.
    pub peak_extent: f64,
    /// The subject's studies.
    pub studies: Vec<TrueStudy>,
}

/// A study in the truth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrueStudy {
    /// Study Instance UID.
    pub study: String,
    /// Accession Number.
    pub accession: String,
    /// CT or radiograph.
    pub kind: ExamKind,
    /// Whether it counts as an exam of the index stay.
    pub counts: bool,
    /// Whether a radiograph lacks BurnedInAnnotation.
    pub unmarked: bool,
    /// Day.
    pub date: String,
    /// Planned share of lung with lesions.
    pub extent: f64,
}

/// The truth about `subject`, whose files have the series and instance UIDs `uids`.
pub(crate) fn truth(site: &Site, subject: &Subject, mut uids: Vec<String>) -> Truth {
    uids.extend(subject.exams.iter().map(|e| e.study.as_str().to_owned()));
    uids.sort();
    uids.dedup();
    Truth {
        site: site.code.clone(),
        folder: folder(site),
        number: subject.number,
        patient_id: subject.person.patient_id.clone(),
        issuer: site.issuer.map(str::to_owned),
        identifiers: identifiers(subject),
        dates: dates(subject),
        uids,
        staff: site.staff.iter().flat_map(|name| name.spellings()).collect(),
        peak_extent: subject.disease.peak_extent,
        studies: subject.exams.iter().map(study).collect(),
    }
}

/// The folder of a site.
pub(crate) fn folder(site: &Site) -> String {
    format!("site-{:02}", site.index + 1)
}

fn identifiers(subject: &Subject) -> Vec<Identifier> {
    let person = &subject.person;
    let birth = person.birth_date;
    let mut all: Vec<(&str, String)> =
        person.name.spellings().into_iter().map(|spelling| ("name", spelling)).collect();
    all.extend([
        ("patient_id", person.patient_id.clone()),
        ("former_id", person.former_id.clone()),
        ("resident_number", person.resident_number.clone()),
        ("resident_number", person.resident_number.replace('-', "")),
        ("phone", person.phone.clone()),
        ("phone", person.phone.replace('-', "")),
        ("address", person.address.clone()),
        ("birth_date", birth.to_string()),
        ("birth_date", birth.strftime("%Y%m%d").to_string()),
    ]);
    all.extend(subject.exams.iter().map(|exam| ("accession", exam.accession.clone())));
    all.into_iter().map(|(kind, value)| Identifier { kind: kind.to_owned(), value }).collect()
}

fn dates(subject: &Subject) -> Vec<String> {
    let mut days = vec![subject.person.birth_date, subject.stay.admission];
    days.extend(subject.stay.discharge);
    days.extend(subject.exams.iter().map(|exam| exam.date()));
    days.extend(subject.labs.iter().map(|lab| lab.at));
    days.sort();
    days.dedup();
    days.iter().map(ToString::to_string).collect()
}

fn study(exam: &crate::cohort::Exam) -> TrueStudy {
    TrueStudy {
        study: exam.study.as_str().to_owned(),
        accession: exam.accession.clone(),
        kind: exam.kind,
        counts: exam.role == crate::cohort::Role::Counted,
        unmarked: exam.unmarked,
        date: exam.date().to_string(),
        extent: exam.extent,
    }
}
