//! The shipped definitions over small hand-made cohorts.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

mod hand_made;

use hand_made::{CohortBuilder, exam};
use sumgil_model::{ExamKind, Indication, Quantity, Sex, Value};
use sumgil_statistics::{Definitions, Figure, Quantifier, Statistic, Unit, evaluate};

fn figures(builder: CohortBuilder) -> Vec<Statistic> {
    evaluate(&Definitions::kicc19().unwrap(), &builder.build())
}

fn json(statistics: &[Statistic], id: &str) -> serde_json::Value {
    let found = statistics.iter().find(|s| s.id == id).unwrap_or_else(|| panic!("no {id}"));
    serde_json::to_value(found).unwrap()
}

fn n_of(statistics: &[Statistic], id: &str) -> (u64, u64, u64) {
    match &statistics.iter().find(|s| s.id == id).unwrap().figure {
        Figure::Proportion(p) => (p.n, p.of, p.missing),
        other => panic!("{id}: {other:?}"),
    }
}

#[test]
fn a_cohort_of_nobody_has_no_percentage_and_no_panic() {
    let statistics = figures(CohortBuilder::default());
    assert_eq!(json(&statistics, "S1")["n"], 0);
    assert!(json(&statistics, "S2a")["percent"].is_null());
    assert!(json(&statistics, "S3")["mean"].is_null());
    assert!(json(&statistics, "S16a")["ratio"].is_null());
}

#[test]
fn a_subject_without_an_exam_in_the_stay_is_no_member() {
    let mut cohort = CohortBuilder::default();
    cohort.subject(1).exams.push(exam(1, 1, ExamKind::Ct, 3));
    cohort.subject(2).exams.push(exam(2, 2, ExamKind::Ct, 40));
    cohort.subject(3);
    let no_stay = cohort.subject(4);
    no_stay.row.stay = None;
    no_stay.exams.push(exam(4, 4, ExamKind::Cxr, 3));
    let undated = cohort.subject(5);
    undated.exams.push(exam(5, 5, ExamKind::Ct, 3));
    undated.exams[0].date = None;
    let built = cohort.build();
    assert_eq!(built.exams_outside(), 3);
    let statistics = evaluate(&Definitions::kicc19().unwrap(), &built);
    assert_eq!(
        json(&statistics, "S1"),
        serde_json::json!({"id": "S1", "name": "subjects", "n": 1, "unit": "subject"})
    );
}

#[test]
fn both_days_at_the_ends_belong_to_the_stay_and_an_open_stay_has_no_end() {
    let mut cohort = CohortBuilder::default();
    for (number, day) in [(1, 0), (2, 20), (3, -1), (4, 21)] {
        cohort.subject(number).exams.push(exam(number, number, ExamKind::Ct, day));
    }
    let open = cohort.subject(5);
    open.row.stay.as_mut().unwrap().discharge = None;
    open.exams.push(exam(5, 5, ExamKind::Ct, 300));
    assert_eq!(json(&figures(cohort), "S1")["n"], 3);
}

#[test]
fn exactly_and_at_least_are_told_apart_and_carry_their_own_denominators() {
    let mut cohort = CohortBuilder::default();
    // Subject 1: CT x1. Subject 2: CT x2, CXR x1. Subject 3: CXR x4. Subject 4: CT x2, CXR x3.
    for (number, ct, cxr) in [(1, 1, 0), (2, 2, 1), (3, 0, 4), (4, 2, 3)] {
        let subject = cohort.subject(number);
        subject.exams.extend((0..ct).map(|k| exam(number, number * 100 + k, ExamKind::Ct, 1)));
        subject.exams.extend((0..cxr).map(|k| exam(number, number * 100 + 50 + k, ExamKind::Cxr, 2)));
    }
    let statistics = figures(cohort);
    assert_eq!(n_of(&statistics, "S9"), (3, 4, 0));
    assert_eq!(n_of(&statistics, "S10"), (3, 4, 0));
    assert_eq!(n_of(&statistics, "S11a"), (1, 3, 0));
    assert_eq!(n_of(&statistics, "S11b"), (2, 3, 0));
    assert_eq!(n_of(&statistics, "S12a"), (2, 3, 0));
    assert_eq!(n_of(&statistics, "S12b"), (2, 3, 0));
    assert_eq!(n_of(&statistics, "S12c"), (1, 3, 0));
    assert_eq!(n_of(&statistics, "S17a"), (1, 4, 0));
    assert_eq!(n_of(&statistics, "S17b"), (1, 4, 0));
    assert_eq!(n_of(&statistics, "S17c"), (2, 4, 0));
    assert_eq!(json(&statistics, "S11b")["quantifier"], "exactly");
    assert_eq!(json(&statistics, "S12a")["quantifier"], "at_least");
    assert_eq!(
        json(&statistics, "S16a"),
        serde_json::json!({
            "id": "S16a", "name": "CT exams", "n": 5, "unit": "exam", "per": 3, "ratio": 1.67
        })
    );
    assert_eq!(json(&statistics, "S16b")["ratio"], 2.67);
}

#[test]
fn several_rows_of_one_study_count_once() {
    let mut cohort = CohortBuilder::default();
    let subject = cohort.subject(1);
    subject.exams.extend([exam(1, 7, ExamKind::Ct, 1), exam(1, 7, ExamKind::Ct, 1)]);
    assert_eq!(json(&figures(cohort), "S16a")["n"], 1);
}

#[test]
fn what_is_not_recorded_is_missing_and_no_denominator() {
    let mut cohort = CohortBuilder::default();
    for (number, answer) in [(1, Some(true)), (2, Some(false)), (3, None)] {
        let subject = cohort.subject(number);
        subject.exams.push(exam(number, number, ExamKind::Ct, 1));
        let value = answer.map_or(Value::Missing(sumgil_model::MissingReason::NotDone), hand_made::answer);
        subject.row.observations.insert("nasal_oxygen".into(), vec![value]);
    }
    cohort.subject(4).exams.push(exam(4, 4, ExamKind::Ct, 1));
    cohort.subject(4).row.sex = None;
    cohort.subject(4).row.age_years = None;
    let statistics = figures(cohort);
    assert_eq!(
        json(&statistics, "S7"),
        serde_json::json!({
            "id": "S7", "name": "nasal oxygen", "n": 1, "of": 2, "unit": "subject", "quantifier": "any",
            "percent": 50.0, "missing": 2
        })
    );
    assert_eq!(n_of(&statistics, "S2a"), (3, 3, 1));
    assert_eq!(json(&statistics, "S3")["missing"], 1);
}

#[test]
fn age_has_mean_and_range() {
    let mut cohort = CohortBuilder::default();
    for (number, age) in [(1, 11), (2, 97), (3, 50)] {
        let subject = cohort.subject(number);
        subject.row.age_years = Some(age);
        subject.row.sex = Some(Sex::Female);
        subject.exams.push(exam(number, number, ExamKind::Ct, 1));
    }
    let age = json(&figures(cohort), "S3");
    assert_eq!(
        (&age["mean"], &age["min"], &age["max"], &age["unit"]),
        (&52.7.into(), &11.into(), &97.into(), &"year".into())
    );
}

#[test]
fn a_laboratory_value_is_read_at_admission_in_its_sites_own_range() {
    let mut cohort = CohortBuilder::default();
    // (day, value, low), each site its own unit and range: three below, one not, three not known.
    type Course<'a> = &'a [(i64, f64, Option<f64>)];
    let courses: [Course<'_>; 7] = [
        &[(0, 0.9, Some(1.0))],
        &[(0, 900.0, Some(1000.0)), (1, 2000.0, Some(1000.0))],
        &[(1, 2000.0, Some(1000.0)), (0, 900.0, Some(1000.0))],
        &[(-1, 1.0, Some(1.0)), (0, 0.5, Some(1.0))],
        &[(2, 0.5, Some(1.0)), (-2, 0.5, Some(1.0))],
        &[(0, 0.5, None)],
        &[],
    ];
    for (number, course) in (1..).zip(courses) {
        let subject = cohort.subject(number);
        subject.exams.push(exam(number, number, ExamKind::Ct, 1));
        let values =
            course.iter().map(|(day, value, low)| hand_made::lab(*day, *value, *low, None)).collect();
        subject.row.observations.insert("lymphocyte_count".into(), values);
    }
    assert_eq!(n_of(&figures(cohort), "S6a"), (3, 4, 3));
}

#[test]
fn crp_is_raised_above_the_range_only() {
    let mut cohort = CohortBuilder::default();
    for (number, value) in [(1, 10.0), (2, 10.1), (3, 0.0)] {
        let subject = cohort.subject(number);
        subject.exams.push(exam(number, number, ExamKind::Ct, 1));
        subject.row.observations.insert("crp".into(), vec![hand_made::lab(0, value, None, Some(10.0))]);
    }
    assert_eq!(n_of(&figures(cohort), "S6c"), (1, 3, 0));
}

#[test]
fn scans_go_to_makers_and_exposures_to_devices() {
    let mut cohort = CohortBuilder::default();
    let subject = cohort.subject(1);
    for (study, maker) in [(1, "SIEMENS"), (2, "Siemens Healthineers"), (3, "TOSHIBA"), (4, "")] {
        let mut scan = exam(1, study, ExamKind::Ct, 1);
        scan.equipment = hand_made::device(maker, "");
        subject.exams.push(scan);
    }
    let mut pair = exam(1, 10, ExamKind::Cxr, 1);
    pair.exposures =
        vec![hand_made::device("SAMSUNG ELECTRONICS", "GM85"), hand_made::device("Samsung", "GM85")];
    let mut one = exam(1, 11, ExamKind::Cxr, 1);
    one.exposures = vec![hand_made::device("DK Medical Systems", "Innovision")];
    subject.exams.extend([pair, one]);
    let statistics = figures(cohort);
    assert_eq!(n_of(&statistics, "S13a"), (2, 3, 1));
    assert_eq!(n_of(&statistics, "S13c"), (1, 3, 1));
    assert_eq!(
        json(&statistics, "S14")["rank"],
        serde_json::json!([
            {"name": "Samsung GM85", "n": 2}, {"name": "DK Medical Innovision", "n": 1}
        ])
    );
}

#[test]
fn reasons_for_ct_are_ranked_and_exams_without_a_note_are_missing() {
    let mut cohort = CohortBuilder::default();
    let subject = cohort.subject(1);
    let reasons = [
        Some(vec![Indication::PneumoniaSuspectedAfterCxr, Indication::SuspectedComplication]),
        Some(vec![Indication::PneumoniaSuspectedAfterCxr]),
        None,
    ];
    for (study, indications) in (1..).zip(reasons) {
        subject.exams.push(sumgil_statistics::ExamRow { indications, ..exam(1, study, ExamKind::Ct, 1) });
    }
    let reasons = json(&figures(cohort), "S15");
    assert_eq!(
        reasons["rank"],
        serde_json::json!([
            {"name": "pneumonia suspected after CXR", "n": 2}, {"name": "suspected complication", "n": 1}
        ])
    );
    assert_eq!(
        (&reasons["of"], &reasons["missing"], &reasons["unit"]),
        (&2.into(), &1.into(), &"exam".into())
    );
}

#[test]
fn a_later_answer_counts_and_a_code_is_no_answer() {
    let mut cohort = CohortBuilder::default();
    let subject = cohort.subject(1);
    subject.exams.push(exam(1, 1, ExamKind::Ct, 1));
    subject.row.observations.insert("fever".into(), vec![hand_made::answer(false), hand_made::answer(true)]);
    let mut coded = hand_made::answer(true);
    if let Value::Measured(measured) = &mut coded {
        measured.value = Quantity::Code("yes".into());
    }
    subject.row.observations.insert("cough".into(), vec![coded]);
    let statistics = figures(cohort);
    assert_eq!(n_of(&statistics, "S5a"), (1, 1, 0));
    assert_eq!(n_of(&statistics, "S5b"), (0, 0, 1));
}

#[test]
fn every_published_statistic_is_defined_under_its_id_and_name() {
    let shared = std::env::var_os("SUMGIL_SHARED").map_or_else(
        || std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        Into::into,
    );
    let Ok(text) = std::fs::read_to_string(shared.join("kicc19/expected.json")) else {
        println!("skipped: ../shared is absent");
        return;
    };
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let statistics = figures(CohortBuilder::default());
    for entry in expected["statistics"].as_array().unwrap() {
        let found = json(&statistics, entry["id"].as_str().unwrap());
        assert_eq!(found["name"], entry["name"]);
        for (key, value) in entry.as_object().unwrap() {
            assert!(key == "derived" || found.get(key).is_some(), "{key} of {entry}");
            assert!(key != "unit" || &found[key] == value, "{entry}");
        }
    }
}

#[test]
fn a_quantifier_and_a_unit_print_as_words() {
    assert_eq!(Quantifier::AtLeast.words(), "at least");
    assert_eq!(Unit::Exam.to_string(), "exam");
}
