//! What a hospital's clinical tables say about a subject, after de-identification.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Indication, Setting, SiteId, Study, SubjectId, Uid, Value};

/// The name of a variable of the codebook, for example `fever` or `lymphocyte_count`.
pub type Variable = String;

/// Sex as the form records it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Male.
    Male,
    /// Female.
    Female,
    /// Other.
    Other,
}

/// The index stay at the contributing site. Both days are shifted and belong to the stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// Day of admission.
    pub admission: Date,
    /// Day of discharge; open while the subject is still admitted.
    pub discharge: Option<Date>,
}

impl Stay {
    /// Whether `day` lies in the stay, both ends included.
    pub fn contains(&self, day: Date) -> bool {
        day >= self.admission && self.discharge.is_none_or(|end| day <= end)
    }
}

/// One value of one variable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Which variable of the codebook.
    pub variable: Variable,
    /// Its value, or why there is none.
    pub value: Value,
}

/// What the clinical table says about one exam: why and where it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExamNote {
    /// The exam's study, under its new UID.
    pub study: Uid<Study>,
    /// Reasons for the exam; several are allowed.
    pub indications: Vec<Indication>,
    /// Where it was made.
    pub setting: Option<Setting>,
    /// Made with a portable unit at the bedside.
    pub portable: Option<bool>,
}

/// One clinical record of one subject, as it leaves the hospital. A later record with a higher revision
/// replaces the parts that it names; nothing is ever half replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClinicalRecord {
    /// Contributing hospital.
    pub site: SiteId,
    /// Whom it is about.
    pub subject: SubjectId,
    /// Grows with every import at the site.
    pub revision: u64,
    /// Sex, when the record states it.
    pub sex: Option<Sex>,
    /// Age in completed years at admission, when the record states it.
    pub age_years: Option<u16>,
    /// The index stay, when the record states it.
    pub stay: Option<Stay>,
    /// Values of variables.
    pub observations: Vec<Observation>,
    /// Notes about exams.
    pub exams: Vec<ExamNote>,
}
