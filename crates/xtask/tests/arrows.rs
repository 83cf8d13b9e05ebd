//! The shape of the house: which crate may know which, and which words may stand where.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail loudly")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Each crate of the workspace and the workspace crates that its shipped code may name.
const ARROWS: &[(&str, &[&str])] = &[
    ("sumgil-model", &[]),
    ("sumgil-dicom", &["sumgil-model"]),
    ("sumgil-deid", &["sumgil-model", "sumgil-dicom"]),
    ("sumgil-custody", &["sumgil-model"]),
    ("sumgil-transfer", &["sumgil-model", "sumgil-custody"]),
    ("sumgil-statistics", &["sumgil-model"]),
    ("sumgil-phantom", &["sumgil-model", "sumgil-dicom"]),
    (
        "sumgil-edge",
        &[
            "sumgil-model",
            "sumgil-dicom",
            "sumgil-deid",
            "sumgil-custody",
            "sumgil-transfer",
            "sumgil-phantom",
        ],
    ),
    (
        "sumgil-registry",
        &["sumgil-model", "sumgil-dicom", "sumgil-custody", "sumgil-transfer", "sumgil-statistics"],
    ),
    ("sumgil-testkit", &["sumgil-model", "sumgil-dicom", "sumgil-phantom"]),
    ("xtask", &["sumgil-model", "sumgil-dicom", "sumgil-phantom", "sumgil-testkit"]),
];

/// Third-party crates that one crate alone may name.
const SOLE_OWNERS: &[(&str, &[&str])] = &[
    ("dicom-object", &["sumgil-dicom"]),
    ("dicom-parser", &["sumgil-dicom"]),
    ("dicom-ul", &["sumgil-dicom"]),
    ("dicom-json", &["sumgil-dicom"]),
    ("dicom-toolkit-jpeg2000", &["sumgil-dicom"]),
    ("jxl-oxide", &["sumgil-dicom"]),
    ("openreadout-codecs", &["sumgil-dicom"]),
    ("rust-j2k", &["sumgil-dicom"]),
    ("ring", &["sumgil-custody"]),
    ("hpke", &["sumgil-custody"]),
    ("age", &["sumgil-custody"]),
    ("argon2", &["sumgil-custody"]),
    ("sqlx", &["sumgil-edge", "sumgil-registry"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn shipped_dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata");
    metadata
        .packages
        .iter()
        .map(|package| {
            let names = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
            (package.name.to_string(), names.map(|d| d.name.clone()).collect())
        })
        .collect()
}

#[test]
fn every_crate_knows_only_what_it_may() {
    let found = shipped_dependencies();
    let allowed: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    for (package, dependencies) in &found {
        let permitted = allowed
            .get(package.as_str())
            .unwrap_or_else(|| panic!("{package} has no row in the table of arrows"));
        for dependency in dependencies.iter().filter(|d| found.contains_key(*d)) {
            assert!(permitted.contains(&dependency.as_str()), "{package} must not depend on {dependency}");
        }
    }
    assert_eq!(found.len(), ARROWS.len(), "a crate of the table has gone");
}

#[test]
fn the_centre_cannot_reach_an_identity_even_indirectly() {
    let found = shipped_dependencies();
    let mut reached = BTreeSet::new();
    let mut open = vec!["sumgil-registry".to_owned()];
    while let Some(name) = open.pop() {
        if reached.insert(name.clone()) {
            open.extend(found.get(&name).into_iter().flatten().filter(|d| found.contains_key(*d)).cloned());
        }
    }
    for forbidden in ["sumgil-deid", "sumgil-edge", "sumgil-phantom"] {
        assert!(!reached.contains(forbidden), "the registry reaches {forbidden}");
    }
}

#[test]
fn parsers_and_ciphers_have_one_owner() {
    for (package, dependencies) in shipped_dependencies() {
        for (library, owners) in SOLE_OWNERS {
            if dependencies.contains(*library) {
                assert!(owners.contains(&package.as_str()), "{package} must not name {library}");
            }
        }
    }
}

fn rust_sources() -> Vec<(PathBuf, String)> {
    walkdir::WalkDir::new(root().join("crates"))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "rs"))
        .map(|entry| (entry.path().to_owned(), std::fs::read_to_string(entry.path()).expect("source")))
        .collect()
}

#[test]
fn sql_stands_only_in_the_stores() {
    let verbs = ["SELECT ", "INSERT INTO ", "DELETE FROM ", "UPDATE "];
    for (path, text) in rust_sources() {
        let shown = path.to_string_lossy().replace('\\', "/");
        let home = ["registry/src/store", "edge/src/spool", "/tests/", "/testkit/"];
        if home.iter().any(|place| shown.contains(place)) {
            continue;
        }
        for line in text.lines().filter(|l| !l.trim_start().starts_with("//")) {
            let quoted = verbs.iter().any(|v| line.contains(&format!("\"{v}")));
            assert!(!quoted, "{shown}: SQL outside the store: {}", line.trim());
        }
    }
}

#[test]
fn every_file_is_a_small_room() {
    for (path, text) in rust_sources() {
        let lines = text.lines().count();
        assert!(lines <= 600, "{} has {lines} lines: is it still one concern?", path.display());
    }
}
