//! Small cohorts made by hand. Every stay runs from 1 to 21 March 2020; days count from admission.
#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil::Date};
use sumgil_model::{
    Equipment, ExamKind, Measured, Quantity, ReferenceRange, Sex, SiteId, Stay, SubjectId, Uid, Value,
};
use sumgil_statistics::{Cohort, CohortRow, ExamRow};

/// A subject and its exams.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    pub(crate) row: CohortRow,
    pub(crate) exams: Vec<ExamRow>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct CohortBuilder {
    courses: BTreeMap<u64, Course>,
}

impl CohortBuilder {
    pub(crate) fn subject(&mut self, number: u64) -> &mut Course {
        self.courses.entry(number).or_insert_with(|| Course { row: row(number), exams: Vec::new() })
    }

    pub(crate) fn build(self) -> Cohort {
        let (rows, exams): (Vec<_>, Vec<_>) = self.courses.into_values().map(|c| (c.row, c.exams)).unzip();
        Cohort::new(rows, exams.concat())
    }
}

pub(crate) fn day(number: i64) -> Date {
    Date::constant(2020, 3, 1).checked_add(number.days()).unwrap()
}

pub(crate) fn subject_id(number: u64) -> SubjectId {
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&number.to_be_bytes());
    SubjectId::from_bytes(bytes)
}

fn row(number: u64) -> CohortRow {
    CohortRow {
        site: SiteId::parse("hosp-01").unwrap(),
        subject: subject_id(number),
        sex: Some(Sex::Male),
        age_years: Some(50),
        stay: Some(Stay { admission: day(0), discharge: Some(day(20)) }),
        observations: BTreeMap::new(),
    }
}

pub(crate) fn device(manufacturer: &str, model: &str) -> Equipment {
    Equipment::from_header(manufacturer, model)
}

pub(crate) fn exam(subject: u64, study: u64, kind: ExamKind, on: i64) -> ExamRow {
    let equipment = device("SIEMENS", "SOMATOM");
    ExamRow {
        subject: subject_id(subject),
        study: Uid::from_u128(u128::from(study)),
        kind,
        date: Some(day(on)),
        exposures: if kind == ExamKind::Cxr { vec![equipment.clone()] } else { Vec::new() },
        equipment,
        indications: None,
    }
}

pub(crate) fn answer(answer: bool) -> Value {
    measured(Quantity::Answer(answer), None, ReferenceRange::default())
}

pub(crate) fn lab(at: i64, value: f64, low: Option<f64>, high: Option<f64>) -> Value {
    measured(Quantity::Number(value), Some(day(at)), ReferenceRange { low, high })
}

fn measured(value: Quantity, at: Option<Date>, reference_range: ReferenceRange) -> Value {
    Value::Measured(Measured { value, unit: None, reference_range, at, source: "test".into() })
}
