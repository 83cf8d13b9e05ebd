//! Real files: everything is accounted for, and what was sent comes back with its pixel bytes unchanged.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "tests fail loudly"
)]

mod support;

use std::path::{Path, PathBuf};

use support::{House, json_of, python};
use xtask::programs::run_to_end;

/// Imports `folders` into a fresh registry, retrieves everything and lets pydicom look at it.
///
/// `written_on`: files in whose pixels something is hidden: writing, or wires of a breastbone that look like it.
fn there_and_back(folders: &[PathBuf], written_on: u64) {
    let Some(mut script) = python("clients.py") else { return };
    let mut house = House::open();
    let paths: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
    let report = house.import(&paths);
    println!("{report:?}");
    assert_eq!(report.accounted(), report.files(), "every file is accounted for: {report:?}");
    let found = json_of(script.arg("pixels").args(house.door()).args(folders));
    println!("{found}");
    assert_eq!(found["pixels_changed"].as_u64(), Some(written_on), "{found}");
    assert!(found["retrieved"].as_u64() > Some(0), "{found}");
    assert_eq!(found["retrieved"].as_u64(), Some(report.count("sent")), "every sent one comes back: {found}");
    assert!(house.objects_at_centre() >= report.count("sent"));
    assert!(house.edge.process().expect("process").is_alive());
}

#[test]
fn the_files_inside_the_pydicom_package() {
    let Some(_) = python("clients.py") else { return };
    let mut ask = std::process::Command::new(xtask::setup::find_python().expect("python"));
    let code = "import pydicom.data, os; print(os.path.dirname(pydicom.data.__file__))";
    let output = run_to_end(ask.args(["-c", code])).expect("python");
    there_and_back(&[PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()).join("test_files")], 0);
}

#[test]
fn the_shared_collection() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("SUMGIL_SHARED").map_or(beside, PathBuf::from);
    if !shared.join("data/dicom").exists() {
        eprintln!("skipped: ../shared is absent");
        return;
    }
    there_and_back(&[shared.join("data/dicom"), shared.join("data/ct")], 2);
}
