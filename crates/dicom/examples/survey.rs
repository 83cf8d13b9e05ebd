//! Reads every file under the given paths and says how many were read and why others were refused.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::{collections::BTreeMap, path::Path};

use sumgil_dicom::{DataSet, Limits, read, write};

fn visit(path: &Path, seen: &mut BTreeMap<String, Vec<String>>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            visit(&entry.unwrap().path(), seen);
        }
        return;
    }
    let bytes = std::fs::read(path).unwrap();
    let outcome = match read(&bytes, &Limits::default()) {
        Err(refusal) => format!("refused {} ({refusal})", refusal.code()),
        Ok(part) => match write(&part.data_set, &part.transfer_syntax) {
            Err(error) => format!("read, not written: {error}"),
            Ok(again) => match read(&again, &Limits::default()) {
                Err(refusal) => format!("written, not read again: {refusal}"),
                Ok(back) => match differences(&part.data_set, &back.data_set).as_slice() {
                    [] => "same".to_owned(),
                    tags => format!("differs {tags:?}"),
                },
            },
        },
    };
    seen.entry(outcome).or_default().push(path.display().to_string());
}

fn differences(one: &DataSet, two: &DataSet) -> Vec<String> {
    let mut found = Vec::new();
    for element in one.iter().filter(|element| element.header().tag.1 != 0) {
        let tag = element.header().tag;
        let other = two.get(tag);
        match (element.value().items(), other.and_then(|other| other.value().items())) {
            (Some(items), Some(others)) if items.len() == others.len() => {
                items.iter().zip(others).for_each(|(a, b)| found.extend(differences(a, b)));
            }
            _ if other
                .is_some_and(|other| other.vr() == element.vr() && other.value() == element.value()) => {}
            _ => found.push(format!("{tag} {:?}", element.vr())),
        }
    }
    found
}

fn main() {
    let mut seen = BTreeMap::new();
    for path in std::env::args().skip(1) {
        visit(Path::new(&path), &mut seen);
    }
    for (outcome, files) in seen {
        println!("{} {outcome}", files.len());
        if outcome != "same" {
            for file in files.iter().take(20) {
                println!("      {file}");
            }
        }
    }
}
