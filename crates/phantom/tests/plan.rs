//! The pure plan has the margins, whatever seed and size, by a count of its own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use proptest::prelude::*;
use sumgil_model::{ExamKind, Indication, Sex};
use sumgil_phantom::{
    Margins,
    cohort::{Cohort, Exam, LAB_VARIABLES, Role, Subject, plan},
};

/// Exams of `kind` in the stay that have the image which makes them an exam of that kind.
fn exams(subject: &Subject, kind: ExamKind) -> Vec<&Exam> {
    subject
        .exams
        .iter()
        .filter(|e| e.kind == kind && subject.stay.contains(e.date()))
        .filter(|e| !matches!(e.role, Role::ScoutOnly | Role::LateralOnly))
        .collect()
}

fn subjects(cohort: &Cohort, wanted: impl Fn(&Subject) -> bool) -> u32 {
    cohort.subjects.iter().filter(|s| wanted(s)).count() as u32
}

/// Whether the first value in the days around admission lies beyond the site's limit.
fn abnormal(subject: &Subject, variable: &str) -> Option<bool> {
    let day = subject.stay.admission;
    let window = day.saturating_sub(1.day())..=day.saturating_add(1.day());
    let first = subject
        .labs
        .iter()
        .filter(|l| l.variable == variable && window.contains(&l.at))
        .min_by_key(|l| l.at)?;
    let value: f64 = first.value.parse().ok()?;
    Some(if variable == "crp" { value > first.unit.high? } else { value < first.unit.low? })
}

fn check(cohort: &Cohort) -> Result<(), TestCaseError> {
    let m = &cohort.margins;
    let n = |wanted: &dyn Fn(&Subject) -> bool| subjects(cohort, wanted);
    prop_assert_eq!(cohort.subjects.len() as u32, m.subjects);
    prop_assert_eq!(n(&|s| s.person.sex == Sex::Male), m.men);
    prop_assert_eq!(cohort.subjects.iter().map(|s| u32::from(s.age_years)).sum::<u32>(), m.age_sum);
    prop_assert_eq!(n(&|s| s.course.underlying), m.underlying);
    prop_assert_eq!(n(&|s| s.course.underlying && !s.course.comorbidities.contains(&true)), 0);
    prop_assert_eq!(n(&|s| s.course.fever), m.fever);
    prop_assert_eq!(n(&|s| s.course.cough), m.cough);
    for (variable, count) in LAB_VARIABLES.iter().zip([m.lymphocytopenia, m.thrombocytopenia, m.raised_crp]) {
        prop_assert_eq!(n(&|s| abnormal(s, variable) == Some(true)), count, "{}", variable);
        prop_assert_eq!(n(&|s| abnormal(s, variable).is_none()), 0);
    }
    prop_assert_eq!(n(&|s| s.course.oxygen == Some(true)), m.oxygen);
    prop_assert_eq!(n(&|s| s.course.oxygen.is_none()), m.oxygen_missing);
    prop_assert_eq!(n(&|s| s.course.ventilation), m.ventilation);
    prop_assert_eq!(n(&|s| s.course.ventilation && !s.course.icu), 0);
    prop_assert_eq!(n(&|s| s.course.icu), m.icu);
    prop_assert_eq!(n(&|s| s.course.death), m.death);
    let count = |s: &Subject, kind| exams(s, kind).len();
    let both = n(&|s| count(s, ExamKind::Ct) > 0 && count(s, ExamKind::Cxr) > 0);
    let ct_only = n(&|s| count(s, ExamKind::Ct) > 0 && count(s, ExamKind::Cxr) == 0);
    prop_assert_eq!([both, ct_only, m.subjects - both - ct_only], m.imaged);
    for (k, expected) in (1..).zip(m.ct) {
        prop_assert_eq!(n(&|s| count(s, ExamKind::Ct) == k), expected);
    }
    for (k, expected) in (1..).zip([m.cxr[0], m.cxr[1], m.cxr[2]]) {
        prop_assert_eq!(n(&|s| count(s, ExamKind::Cxr) == k), expected);
    }
    let total = |kind| cohort.subjects.iter().map(|s| count(s, kind) as u32).sum::<u32>();
    prop_assert_eq!(total(ExamKind::Ct), m.ct_exams());
    prop_assert_eq!(total(ExamKind::Cxr), m.cxr_exams());
    let unmarked: Vec<&Exam> = cohort.subjects.iter().flat_map(|s| &s.exams).filter(|e| e.unmarked).collect();
    prop_assert_eq!(unmarked.len() as u32, m.unmarked);
    // Each is the only file of a study that the margins need.
    prop_assert!(unmarked.iter().all(|e| e.role == Role::Counted && e.files(1).len() == 1));
    check_makers(cohort)?;
    check_numbers(cohort)
}

fn check_makers(cohort: &Cohort) -> Result<(), TestCaseError> {
    let mut makers: BTreeMap<&str, u32> = BTreeMap::new();
    for exam in cohort.subjects.iter().flat_map(|s| exams(s, ExamKind::Ct)) {
        let maker = match exam.device.model.manufacturer {
            "SIEMENS" | "Siemens Healthineers" => "Siemens",
            "GE MEDICAL SYSTEMS" => "GE",
            "TOSHIBA" | "Canon Medical Systems" => "Canon",
            _ => "Philips",
        };
        *makers.entry(maker).or_default() += 1;
    }
    for (maker, expected) in ["Siemens", "GE", "Canon", "Philips"].iter().zip(cohort.margins.ct_makers) {
        prop_assert_eq!(makers.get(maker).copied().unwrap_or(0), expected, "{}", maker);
    }
    Ok(())
}

/// Within a site no two patients and no two studies share a number; ages agree with birth dates.
fn check_numbers(cohort: &Cohort) -> Result<(), TestCaseError> {
    let mut patients = BTreeSet::new();
    let mut accessions = BTreeSet::new();
    let mut studies = BTreeSet::new();
    for subject in &cohort.subjects {
        prop_assert!(patients.insert((subject.site, &subject.person.patient_id)));
        prop_assert_eq!(subject.person.age_on(subject.stay.admission), subject.age_years);
        for exam in &subject.exams {
            prop_assert!(exam.accession.len() <= 16);
            prop_assert!(accessions.insert((subject.site, &exam.accession)));
            prop_assert!(studies.insert(&exam.study));
            prop_assert_eq!(
                subject.stay.contains(exam.date()),
                !matches!(exam.role, Role::BeforeStay | Role::AfterStay)
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn margins_hold_for_every_seed_and_size(seed: u64, subjects in 1_u32..700) {
        check(&plan(seed, subjects))?;
    }
}

#[test]
fn the_published_cohort_comes_out() {
    for seed in [1, 20_201_125] {
        let cohort = plan(seed, 522);
        assert_eq!(cohort.margins, Margins::published());
        check(&cohort).unwrap();
        let ages: Vec<u16> = cohort.subjects.iter().map(|s| s.age_years).collect();
        assert_eq!((ages.iter().min(), ages.iter().max()), (Some(&11), Some(&97)));
        let mean = ages.iter().map(|&a| f64::from(a)).sum::<f64>() / 522.0;
        assert_eq!(format!("{mean:.1}"), "52.3");
    }
}

#[test]
fn rankings_have_the_published_order() {
    for (seed, subjects) in [(1, 522), (5, 60), (9, 20)] {
        let cohort = plan(seed, subjects);
        let mut exposures: BTreeMap<&str, usize> = BTreeMap::new();
        let mut reasons: BTreeMap<Indication, usize> = BTreeMap::new();
        for subject in &cohort.subjects {
            for exam in subject.exams.iter().filter(|e| subject.stay.contains(e.date())) {
                if exam.kind == ExamKind::Cxr {
                    *exposures.entry(exam.device.model.model).or_default() += exam.files(8).len();
                } else if exam.role == Role::Counted {
                    exam.indications.iter().for_each(|&i| *reasons.entry(i).or_default() += 1);
                }
            }
        }
        let ranked = |counts: Vec<usize>, first: usize, second: usize| {
            let above = counts.iter().filter(|&&n| n >= second).count();
            assert!(first > second && above == 2, "{first} {second} {counts:?}");
        };
        ranked(exposures.values().copied().collect(), exposures["Innovision"], exposures["GM85"]);
        ranked(
            reasons.values().copied().collect(),
            reasons[&Indication::PneumoniaSuspectedAfterCxr],
            reasons[&Indication::SuspectedComplication],
        );
    }
}

#[test]
fn what_must_not_count_is_there() {
    let cohort = plan(1, 522);
    let exams: Vec<&Exam> = cohort.subjects.iter().flat_map(|s| &s.exams).collect();
    for role in [Role::BeforeStay, Role::AfterStay, Role::ScoutOnly, Role::LateralOnly] {
        assert!(exams.iter().filter(|e| e.role == role).count() >= 10, "{role:?}");
    }
    assert!(exams.iter().any(|e| e.second_reconstruction));
    assert!(exams.iter().any(|e| e.lateral));
    assert!(exams.iter().any(|e| e.dose_report.is_some()));
    // A CT outside the stay of a subject without a CT inside it would shift S17.
    assert!(cohort.subjects.iter().any(|s| {
        self::exams(s, ExamKind::Ct).is_empty() && s.exams.iter().any(|e| e.kind == ExamKind::Ct)
    }));
    let ids = |site: usize| -> BTreeSet<&str> {
        cohort.subjects.iter().filter(|s| s.site == site).map(|s| s.person.patient_id.as_str()).collect()
    };
    assert!(ids(2).intersection(&ids(4)).count() >= 10, "two hospitals number alike");
}

#[test]
fn the_same_seed_gives_the_same_cohort() {
    let text = |seed| format!("{:?}", plan(seed, 40).subjects);
    assert_eq!(text(3), text(3));
    assert_ne!(text(3), text(4));
}

/// Probability that a subject with the outcome has a larger `measure` than one without.
fn auc(cohort: &Cohort, measure: impl Fn(&Subject) -> f64, outcome: impl Fn(&Subject) -> bool) -> f64 {
    let (with, without): (Vec<_>, Vec<_>) = cohort.subjects.iter().partition(|s| outcome(s));
    let wins: f64 = with
        .iter()
        .flat_map(|a| without.iter().map(|b| (measure(a), measure(b))))
        .map(|(a, b)| {
            if a > b {
                1.0
            } else if a < b {
                0.0
            } else {
                0.5
            }
        })
        .sum();
    wins / (with.len() * without.len()) as f64
}

#[test]
fn outcomes_and_results_depend_on_extent_and_age() {
    for seed in [1, 2, 3] {
        let cohort = plan(seed, 522);
        let extent = |s: &Subject| s.disease.peak_extent;
        let age = |s: &Subject| f64::from(s.age_years);
        let measured = [
            ("icu by extent", auc(&cohort, extent, |s| s.course.icu), 0.8, 0.995),
            ("death by extent", auc(&cohort, extent, |s| s.course.death), 0.72, 0.99),
            ("death by age", auc(&cohort, age, |s| s.course.death), 0.72, 0.99),
            ("oxygen by extent", auc(&cohort, extent, |s| s.course.oxygen == Some(true)), 0.75, 0.99),
            ("crp by extent", auc(&cohort, extent, |s| abnormal(s, "crp") == Some(true)), 0.7, 0.97),
            (
                "lymphocytes by extent",
                auc(&cohort, extent, |s| abnormal(s, "lymphocyte_count") == Some(true)),
                0.62,
                0.95,
            ),
            ("fever by extent", auc(&cohort, extent, |s| s.course.fever), 0.55, 0.9),
        ];
        for (what, auc, low, high) in measured {
            println!("seed {seed} {what}: {auc:.3}");
            assert!((low..high).contains(&auc), "{what}: {auc:.3}");
        }
    }
}

/// CRP at admission in mg/L, whatever unit the site uses.
fn crp_mg_per_l(subject: &Subject) -> f64 {
    let near = |at: jiff::civil::Date| (at - subject.stay.admission).get_days().abs() <= 1;
    let first =
        subject.labs.iter().filter(|l| l.variable == "crp" && near(l.at)).min_by_key(|l| l.at).unwrap();
    first.value.parse::<f64>().unwrap() / first.unit.factor
}

#[test]
fn crp_rises_with_extent_across_units() {
    let cohort = plan(1, 522);
    let pairs: Vec<(f64, f64)> =
        cohort.subjects.iter().map(|s| (s.disease.peak_extent.sqrt(), crp_mg_per_l(s).ln())).collect();
    let mean = |f: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(f).sum::<f64>() / pairs.len() as f64;
    let (x, y) = (mean(&|p| p.0), mean(&|p| p.1));
    let covariance = mean(&|p| (p.0 - x) * (p.1 - y));
    let r = covariance / (mean(&|p| (p.0 - x).powi(2)) * mean(&|p| (p.1 - y).powi(2))).sqrt();
    assert!((0.5..0.95).contains(&r), "{r}");
    let highest = cohort.subjects.iter().map(crp_mg_per_l).fold(0.0, f64::max);
    assert!((40.0..600.0).contains(&highest), "{highest} mg/L");
}
