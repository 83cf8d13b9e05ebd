//! What de-identification clears, the checker of both ends accepts: on real files, released from quarantine so
//! that as many kinds as possible come through.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use sumgil_deid::{
    Identified, Outcome, Overrule, Patient, PatientIdentifiers, PatientIdentity, Profile, PseudonymKey,
    deidentify,
};
use sumgil_dicom::{Limits, access, checker::check_file, confidentiality::Options, dictionary::tags, read};

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "dcm") {
            found.push(path);
        }
    }
}

fn folders() -> Vec<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let root = std::env::var_os("SUMGIL_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let mut folders = vec![root.join("data/dicom"), root.join("data/ct/dicom"), root.join("deid/corpus")];
    folders.retain(|folder| folder.is_dir());
    if folders.is_empty() {
        eprintln!("skipped: ../shared is absent");
    }
    let python = std::env::var("SUMGIL_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = "import pydicom.data, os; print(os.path.dirname(pydicom.data.__file__))";
    let output = std::process::Command::new(python).args(["-c", script]).output();
    let pydicom = output.ok().filter(|output| output.status.success());
    match pydicom.and_then(|output| String::from_utf8(output.stdout).ok()) {
        Some(folder) => folders.push(PathBuf::from(folder.trim())),
        None => eprintln!("skipped: no python with pydicom (set SUMGIL_PYTHON)"),
    }
    folders
}

/// Everything that a data manager can release.
fn lenient() -> Overrule {
    Overrule::of([
        "burned-in-annotation",
        "burned-in-unknown",
        "derived-screen",
        "no-pixels",
        "photograph-or-video",
        "presentation-state",
        "secondary-capture",
        "structured-report",
        "ultrasound",
        "unknown-sop-class",
        "unsupported-sop-class",
    ])
}

#[test]
fn what_is_cleared_passes_the_checker() {
    let key = PseudonymKey::from_bytes([7; 32]);
    let (mut cleared, mut waiting) = (0, BTreeMap::<String, usize>::new());
    let mut findings = BTreeMap::<String, usize>::new();
    for folder in folders() {
        let mut files = Vec::new();
        files_below(&folder, &mut files);
        for path in files {
            let Ok(part) = read(&std::fs::read(&path).unwrap(), &Limits::default()) else { continue };
            let id = access::text(&part.data_set, tags::PATIENT_ID).unwrap_or_default();
            let mut identifiers = PatientIdentifiers::default();
            identifiers.learn(&part.data_set);
            let patient = Patient::new(PatientIdentity::new("site", &id), identifiers);
            match deidentify(Identified::new(part), &patient, &key, &Profile::default_profile(), &lenient()) {
                Outcome::Cleared(instance) => {
                    let bytes = &instance.get().bytes;
                    let (_, found) =
                        check_file(bytes, &Options::default_profile(), &Limits::default()).unwrap();
                    for finding in found {
                        *findings.entry(finding.to_string()).or_default() += 1;
                    }
                    cleared += 1;
                }
                Outcome::Quarantine(reasons) => {
                    // bytes that somebody hid behind the pixels are for a person, whatever is done to the rest
                    let hidden = |detail: &str| detail.starts_with("bytes-after-pixels");
                    for one in reasons.iter().filter(|one| !(one.code == "checker" && hidden(&one.detail))) {
                        *waiting.entry(one.code.to_owned()).or_default() += 1;
                    }
                }
                Outcome::Refused(reason) => *waiting.entry(reason.code.to_owned()).or_default() += 1,
            }
        }
    }
    eprintln!("{cleared} cleared, others: {waiting:?}");
    assert_eq!(findings, BTreeMap::new());
    assert_eq!(waiting.get("checker"), None, "de-identification leaves what the checker does not accept");
}
