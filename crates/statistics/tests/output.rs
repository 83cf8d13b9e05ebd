//! How figures look in each format.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

mod hand_made;

use hand_made::{CohortBuilder, exam};
use sumgil_model::ExamKind;
use sumgil_statistics::{
    Definitions, Statistic, evaluate,
    render::{Format, render},
};

fn statistics() -> Vec<Statistic> {
    let mut cohort = CohortBuilder::default();
    for number in 1..=3 {
        let subject = cohort.subject(number);
        subject.exams.push(exam(number, number * 10, ExamKind::Ct, 1));
        subject.row.observations.insert("fever".into(), vec![hand_made::answer(number == 1)]);
    }
    cohort.subject(3).exams.push(exam(3, 31, ExamKind::Cxr, 1));
    let keep = ["S1", "S3", "S5a", "S11a", "S14", "S16a"];
    let all = evaluate(&Definitions::kicc19().unwrap(), &cohort.build());
    all.into_iter().filter(|s| keep.contains(&s.id.as_str())).collect()
}

#[test]
fn a_table_shows_denominator_interval_quantifier_and_missing() {
    insta::assert_snapshot!(render(&statistics(), Format::Table).unwrap());
}

#[test]
fn csv_has_a_column_for_every_part() {
    insta::assert_snapshot!(render(&statistics(), Format::Csv).unwrap());
}

#[test]
fn markdown_is_a_table() {
    insta::assert_snapshot!(render(&statistics(), Format::Md).unwrap());
}

#[test]
fn json_is_an_array_of_objects() {
    let text = render(&statistics(), Format::Json).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        value[2],
        serde_json::json!({
            "id": "S5a", "name": "fever", "n": 1, "of": 3, "unit": "subject", "quantifier": "any",
            "percent": 33.3, "missing": 0
        })
    );
}

#[test]
fn definitions_are_checked() {
    let twice = r#"{"name": "x", "source": "y", "population": "everyone", "statistics": [
        {"id": "A", "name": "a", "measure": {"count": {"of": "everyone"}}},
        {"id": "A", "name": "b", "measure": {"count": {"of": "everyone"}}}]}"#;
    assert!(Definitions::from_json(twice).unwrap_err().to_string().contains("used twice"));
    assert!(Definitions::from_json(&twice.replace("\"source\"", "\"sauce\"")).is_err());
    assert!("xml".parse::<Format>().is_err());
}
