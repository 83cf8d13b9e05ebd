//! The written files and tables, read back and counted by a counter of their own, have the margins.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod recount;

use std::{collections::BTreeMap, fs, path::Path};

use recount::{Recount, recount};
use sumgil_phantom::{
    Margins,
    hospitals::{Plan, Summary, write},
};

fn written(plan: &Plan) -> (tempfile::TempDir, Summary) {
    let dir = tempfile::tempdir().unwrap();
    let summary = write(plan, dir.path(), &|_| {}).unwrap();
    (dir, summary)
}

fn agrees(r: &Recount, m: &Margins) {
    assert_eq!(r.subjects, m.subjects);
    assert_eq!(r.men, m.men);
    assert_eq!(r.ages.iter().sum::<u32>(), m.age_sum);
    let answers = [
        ("underlying_disease", m.underlying),
        ("fever", m.fever),
        ("cough", m.cough),
        ("nasal_oxygen", m.oxygen),
        ("mechanical_ventilation", m.ventilation),
        ("icu_admission", m.icu),
        ("death", m.death),
    ];
    for (variable, n) in answers {
        assert_eq!(r.yes.get(variable).copied().unwrap_or(0), n, "{variable}");
    }
    assert_eq!(r.oxygen_missing, m.oxygen_missing);
    assert_eq!(r.abnormal, [m.lymphocytopenia, m.thrombocytopenia, m.raised_crp]);
    assert_eq!(r.imaged, m.imaged);
    assert_eq!(r.ct_exactly, m.ct);
    assert_eq!(r.cxr_exactly, [m.cxr[0], m.cxr[1], m.cxr[2]]);
    assert_eq!((r.ct_exams, r.cxr_exams), (m.ct_exams(), m.cxr_exams()));
    assert_eq!(r.ct_makers, m.ct_makers);
    assert_eq!(r.unmarked, m.unmarked);
}

fn ranked(counts: &BTreeMap<String, u32>) -> Vec<&str> {
    let mut order: Vec<_> = counts.iter().collect();
    order.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
    order.into_iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn files_and_tables_have_the_margins() {
    let plan = Plan { subjects: 36, seed: 11, masks: false, ..Plan::default() };
    let (dir, summary) = written(&plan);
    let r = recount(dir.path());
    agrees(&r, &Margins::scaled(36));
    assert_eq!(r.files, summary.files);
    assert_eq!(ranked(&r.exposures)[..2], ["DK Medical Innovision", "Samsung GM85"]);
    assert_eq!(ranked(&r.reasons)[..2], ["pneumonia_suspected_after_cxr", "suspected_complication"]);
    // What would be counted wrongly is there.
    assert!(r.outside_the_stay > 0 && r.resent > 0);
    assert!(r.studies_without_exam > 0, "scout-only or lateral-only studies");
    assert!(r.ct_image_series > r.ct_exams, "a second reconstruction");
}

#[test]
fn the_whole_cohort_has_the_published_figures() {
    if std::env::var_os("SUMGIL_TEST_ALL").is_none() {
        println!("skipped: the whole cohort is written by `cargo xtask test --all`");
        return;
    }
    let (dir, summary) = written(&Plan::default());
    let r = recount(dir.path());
    agrees(&r, &Margins::published());
    assert_eq!((r.ages.iter().min(), r.ages.iter().max()), (Some(&11), Some(&97)));
    assert!(summary.size_bytes < 600_000_000);
}

#[test]
fn the_same_seed_writes_the_same_bytes() {
    let plan = Plan { subjects: 4, seed: 5, ..Plan::default() };
    let files = |dir: &Path| -> BTreeMap<String, Vec<u8>> {
        recount::walk(dir)
            .into_iter()
            .map(|path| {
                let name = path.strip_prefix(dir).unwrap().to_string_lossy().into_owned();
                (name, fs::read(path).unwrap())
            })
            .collect()
    };
    let ((first, _), (second, _)) = (written(&plan), written(&plan));
    assert!(files(first.path()) == files(second.path()));
    let (other, _) = written(&Plan { seed: 6, ..plan });
    assert!(files(first.path()) != files(other.path()));
}

#[test]
fn one_person_is_written_alike_in_files_and_tables() {
    let (dir, _) = written(&Plan { subjects: 34, seed: 3, masks: false, ..Plan::default() });
    let r = recount(dir.path());
    for ((site, id), names) in &r.names {
        // Hangul from the table is somewhere in each file's name, unless the device writes capitals only.
        let (table, headers) = names;
        assert!(!headers.is_empty(), "{site} {id}");
        for header in headers {
            let plain = header.replace('^', "");
            assert!(plain.contains(table.as_str()) || header.to_uppercase() == **header, "{site}: {header}");
        }
    }
}
