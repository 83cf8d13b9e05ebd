//! The table of the project against the published extraction, where it is at hand.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::{collections::BTreeMap, path::PathBuf};

use serde_json::Value;
use sumgil_dicom::confidentiality::{Row, is_safe_private, rows};

fn shared() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let root = std::env::var_os("SUMGIL_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let found = root.join("deid").is_dir().then_some(root);
    if found.is_none() {
        eprintln!("skipped: ../shared is absent");
    }
    found
}

fn json(path: PathBuf) -> Vec<Value> {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn cell<'a>(row: &'a Value, column: &str) -> &'a str {
    row.get(column).and_then(Value::as_str).unwrap_or("-")
}

fn key(tag: &str) -> String {
    if tag.contains("GGGG") {
        return "private".to_owned();
    }
    tag.trim_matches(['(', ')']).replace(',', "").to_uppercase().replace('X', "x")
}

#[test]
fn rows_are_those_of_the_standard() {
    let Some(shared) = shared() else { return };
    let ours: BTreeMap<String, &Row> = rows().iter().map(|row| (row.tag.to_owned(), row)).collect();
    let published = json(shared.join("deid/confidentiality_profile_attributes.json"));
    let added = json(shared.join("deid/additions_2026c.json"));
    assert_eq!(ours.len(), published.len() + added.len());
    for theirs in &published {
        let row = ours[&key(cell(theirs, "tag"))];
        let pairs = [
            (row.name, "name"),
            (row.standard_iod, "stdCompIOD"),
            (row.basic, "basicProfile"),
            (row.safe_private, "rtnSafePrivOpt"),
            (row.uids, "rtnUIDsOpt"),
            (row.device, "rtnDevIdOpt"),
            (row.institution, "rtnInstIdOpt"),
            (row.patient, "rtnPatCharsOpt"),
            (row.full_dates, "rtnLongFullDatesOpt"),
            (row.modified_dates, "rtnLongModifDatesOpt"),
            (row.descriptors, "cleanDescOpt"),
            (row.structured, "cleanStructContOpt"),
            (row.graphics, "cleanGraphOpt"),
        ];
        for (mine, column) in pairs {
            assert_eq!(Some(mine), cell(theirs, column).lines().next(), "{} {column}", row.tag);
        }
    }
    for theirs in &added {
        let row = ours[&key(cell(theirs, "tag"))];
        assert_eq!((row.name, row.basic), (cell(theirs, "name"), cell(theirs, "basicProfile")));
        assert_eq!(row.descriptors, "?");
    }
}

#[test]
fn safe_private_attributes_are_those_of_the_standard() {
    let Some(shared) = shared() else { return };
    for theirs in json(shared.join("deid/safe_private.json")) {
        let tag = cell(&theirs, "tag");
        let group = u16::from_str_radix(&tag[1..5], 16).unwrap();
        let element = u8::from_str_radix(&tag[8..10], 16).unwrap();
        assert!(is_safe_private(cell(&theirs, "creator"), group, element), "{theirs}");
    }
}
