//! The rows that statistics are made of.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use sumgil_model::{
    Equipment, ExamKind, Indication, Sex, SiteId, Stay, Study, SubjectId, Uid, Value, Variable,
};

/// A subject as the clinical tables describe them.
#[derive(Clone, Debug, PartialEq)]
pub struct CohortRow {
    /// Contributing site.
    pub site: SiteId,
    /// The pseudonym.
    pub subject: SubjectId,
    /// Sex, when recorded.
    pub sex: Option<Sex>,
    /// Age in completed years at admission, when recorded.
    pub age_years: Option<u16>,
    /// The index stay, when recorded. Without it no exam can lie inside it.
    pub stay: Option<Stay>,
    /// Values by variable, several for a laboratory series, in the order of the record.
    pub observations: BTreeMap<Variable, Vec<Value>>,
}

/// One exam, made of the received DICOM rows of one study.
#[derive(Clone, Debug, PartialEq)]
pub struct ExamRow {
    /// Whose.
    pub subject: SubjectId,
    /// The study that it is.
    pub study: Uid<Study>,
    /// What it is.
    pub kind: ExamKind,
    /// Its study date, shifted; none when the header has none.
    pub date: Option<Date>,
    /// What made its first counted image.
    pub equipment: Equipment,
    /// What made each exposure: for radiographs, one entry an instance.
    pub exposures: Vec<Equipment>,
    /// Why it was made; none when the clinical table has no note about it.
    pub indications: Option<Vec<Indication>>,
}

/// A subject with the exams inside the index stay.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) row: CohortRow,
    pub(crate) exams: Vec<ExamRow>,
}

impl Member {
    pub(crate) fn count(&self, kind: ExamKind) -> usize {
        self.exams_of(kind).count()
    }

    pub(crate) fn exams_of(&self, kind: ExamKind) -> impl Iterator<Item = &ExamRow> {
        self.exams.iter().filter(move |exam| exam.kind == kind)
    }
}

/// Subjects with the exams inside their index stay; other exams are left out, and counted.
#[derive(Clone, Debug)]
pub struct Cohort {
    pub(crate) members: Vec<Member>,
    outside: usize,
}

impl Cohort {
    /// Puts exams to their subjects. An exam counts when its date lies in the subject's index stay, and once for
    /// a study and kind.
    pub fn new(subjects: Vec<CohortRow>, exams: Vec<ExamRow>) -> Self {
        let mut members: BTreeMap<SubjectId, Member> = subjects
            .into_iter()
            .map(|row| (row.subject.clone(), Member { row, exams: Vec::new() }))
            .collect();
        let mut seen = BTreeSet::new();
        let mut outside = 0;
        for exam in exams {
            match members.get_mut(&exam.subject) {
                Some(member) if in_stay(&member.row, &exam) => {
                    if seen.insert((exam.study.clone(), exam.kind)) {
                        member.exams.push(exam);
                    }
                }
                _ => outside += 1,
            }
        }
        Self { members: members.into_values().collect(), outside }
    }

    /// How many exams lie outside their subject's index stay, or have no date or no stay to lie in.
    pub fn exams_outside(&self) -> usize {
        self.outside
    }
}

fn in_stay(row: &CohortRow, exam: &ExamRow) -> bool {
    exam.date.zip(row.stay).is_some_and(|(date, stay)| stay.contains(date))
}
