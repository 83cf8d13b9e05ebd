//! Everything that a demo leaves at the centre, opened and searched for every invented identity.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail loudly")]

mod support;

use std::collections::BTreeMap;

use serde_json::Value;
use support::needles::Needles;
use tempfile::TempDir;
use xtask::demo::{Cohort, Options, stage};
use xtask::programs::{Edge, build_quietly, run_to_end};

/// In the files as they lie on disk most bytes are ciphertext: among 30 MB of it a given pattern of six bytes stands
/// with a chance of one in ten million. What is inside is searched for shorter ones too, in the clear.
const SHORTEST_IN_CIPHERTEXT: usize = 6;

/// The subject of a patient, as a data manager of the hospital would look it up.
fn subject_of(edge: &Edge, patient_id: &str) -> Option<String> {
    let output = run_to_end(edge.command().args(["subject", "find", "--patient-id", patient_id])).ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let found =
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').find(|word| word.starts_with("sub-"));
    found.map(str::to_owned)
}

fn key_of(row: &Value) -> String {
    format!("{}/{}", row["site"], row["patient_id"])
}

fn look_up_subjects(cohort: &Cohort, truth: &[Value]) -> BTreeMap<String, String> {
    let mut subjects = BTreeMap::new();
    for row in truth {
        let (site, patient) =
            (row["site"].as_str().expect("site"), row["patient_id"].as_str().expect("patient"));
        let at = cohort.hospitals.iter().position(|h| h.code == site).expect("known site");
        if let Some(subject) = subject_of(&cohort.edges[at], patient) {
            subjects.insert(key_of(row), subject);
        }
    }
    subjects
}

/// How many real days of its patient stand in a subject's own objects.
fn real_days_left(truth: &[Value], subjects: &BTreeMap<String, String>, seen: &Value) -> usize {
    let real_days = |row: &Value| -> Vec<String> {
        let days = row["dates"].as_array().expect("dates").iter();
        days.map(|day| day.as_str().expect("day").replace('-', "")).collect()
    };
    let left = truth.iter().map(|row| {
        let subject = &subjects[&key_of(row)];
        let shown = seen[subject].as_array().cloned().unwrap_or_default();
        real_days(row).iter().filter(|day| shown.iter().any(|s| s == day.as_str())).count()
    });
    left.sum()
}

#[test]
fn nothing_at_the_centre_names_a_patient() {
    let Some(mut gather) = support::python("gather.py") else { return };
    let dir = TempDir::new().expect("folder");
    let subjects = if std::env::var_os("SUMGIL_TEST_ALL").is_some() { 522 } else { 34 };
    let options = Options { dir: dir.path().join("demo"), subjects, seed: 5, no_serve: true };
    let mut cohort = stage(&options, build_quietly().expect("programs")).expect("demo");
    let truth: Vec<Value> = std::fs::read_to_string(options.dir.join("hospitals/truth.jsonl"))
        .expect("truth")
        .lines()
        .map(|line| serde_json::from_str(line).expect("truth"))
        .collect();
    let subjects = look_up_subjects(&cohort, &truth);
    assert_eq!(subjects.len(), truth.len(), "every patient has a subject");

    let token = cohort.registry.add_user("searcher", "researcher").expect("user");
    let ca = cohort.registry.dir.join("tls/authority.pem");
    let plain = dir.path().join("plain");
    let url = cohort.registry.url().expect("url");
    let seen = support::json_of(gather.arg(&options.dir).args([&url, &token]).arg(ca).arg(&plain));
    cohort.registry.check().expect("check is clean");
    cohort.registry.stop();

    let needles = Needles::of(&truth);
    assert!(needles.len() > 1000, "{} needles", needles.len());
    for place in ["row", "object", "text", "metadata", "answer"] {
        let (searched, found) = needles.search_below(&plain.join(place));
        println!("{place}: {searched} searched");
        assert!(searched > 0, "nothing of {place} was searched");
        assert!(found.is_empty(), "{found:#?}");
    }
    let long = Needles::of_at_least(&truth, SHORTEST_IN_CIPHERTEXT);
    let (searched, found) = long.search_below(&options.dir.join("registry"));
    println!("files of the registry: {searched} searched");
    assert!(found.is_empty(), "{found:#?}");
    for log in support::files_below(&options.dir).iter().filter(|f| f.extension().is_some_and(|e| e == "log"))
    {
        let found = needles.kinds_in(&std::fs::read(log).expect("log")).len();
        assert_eq!(found, 0, "an identifier in {}", log.display());
    }
    assert!(subjects.values().filter(|s| seen[s.as_str()].is_array()).count() > 20, "{seen}");
    assert_eq!(real_days_left(&truth, &subjects, &seen), 0);
}
