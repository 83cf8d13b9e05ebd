//! Everything that a demo leaves at the centre, opened and searched for every invented identity.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail loudly")]

mod support;

use std::collections::BTreeMap;

use serde_json::Value;
use tempfile::TempDir;
use xtask::demo::{Cohort, Options, stage};
use xtask::programs::{Edge, build_quietly, run_to_end};

/// The subject of a patient, as a data manager of the hospital would look it up.
fn subject_of(edge: &Edge, patient_id: &str) -> Option<String> {
    let output = run_to_end(edge.command().args(["subject", "find", "--patient-id", patient_id])).ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let found =
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').find(|word| word.starts_with("sub-"));
    found.map(str::to_owned)
}

fn look_up_subjects(cohort: &Cohort, truth: &str) -> BTreeMap<String, String> {
    let mut subjects = BTreeMap::new();
    for line in truth.lines() {
        let row: Value = serde_json::from_str(line).expect("truth");
        let (site, patient) =
            (row["site"].as_str().expect("site"), row["patient_id"].as_str().expect("patient"));
        let at = cohort.hospitals.iter().position(|h| h.code == site).expect("known site");
        if let Some(subject) = subject_of(&cohort.edges[at], patient) {
            subjects.insert(format!("{site}/{patient}"), subject);
        }
    }
    subjects
}

#[test]
fn nothing_at_the_centre_names_a_patient() {
    let Some(mut script) = support::python("leaks.py") else { return };
    let dir = TempDir::new().expect("folder");
    let options = Options { dir: dir.path().join("demo"), subjects: 34, seed: 5, no_serve: true };
    let cohort = stage(&options, build_quietly().expect("programs")).expect("demo");
    let truth = std::fs::read_to_string(options.dir.join("hospitals/truth.jsonl")).expect("truth");
    let subjects = look_up_subjects(&cohort, &truth);
    assert_eq!(subjects.len(), truth.lines().count(), "every patient has a subject");
    std::fs::write(options.dir.join("subjects.json"), serde_json::to_string(&subjects).expect("json"))
        .expect("write");
    let token = cohort.registry.add_user("searcher", "researcher").expect("user");
    let ca = cohort.registry.dir.join("tls/authority.pem");
    let found = support::json_of(
        script.arg(&options.dir).arg(cohort.registry.url().expect("url")).arg(token).arg(ca),
    );
    println!("{found}");
    for place in ["row", "file", "log", "object", "metadata", "answer"] {
        assert!(found["searched"][place].as_u64() > Some(0), "{place} was searched: {found}");
    }
    assert!(found["needles"].as_u64() > Some(1000), "{found}");
    assert!(found["matched_subjects"].as_u64() > Some(20), "{found}");
    assert_eq!(found["leaks"], serde_json::json!({}), "{found}");
    assert_eq!(found["real_dates_left"], 0, "{found}");
    cohort.registry.check().expect("check is clean");
}
