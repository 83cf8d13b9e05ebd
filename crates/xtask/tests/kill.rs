//! `kill -9` of edge and registry at random moments of a transfer: nothing acknowledged is lost, nothing is doubled.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail loudly")]

mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::{Rng, SeedableRng, rngs::StdRng};
use support::{House, files_below, invented_files};

/// Sends every file again and again until each was answered with success; the address stays the same over restarts.
fn send_until_acknowledged(address: &str, files: &[PathBuf], acknowledged: &Mutex<BTreeSet<PathBuf>>) {
    while acknowledged.lock().expect("lock").len() < files.len() {
        for file in files {
            if acknowledged.lock().expect("lock").contains(file) {
                continue;
            }
            if xtask::demo::store_one(address, file).unwrap_or(false) {
                acknowledged.lock().expect("lock").insert(file.clone());
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// How many different instances of `folder` de-identification clears: resent duplicates come out byte for byte equal.
fn cleared_count(folder: &Path, work: &Path) -> u64 {
    let binaries = xtask::programs::build_quietly().expect("programs");
    let (key, report, out) = (work.join("count.key"), work.join("count.jsonl"), work.join("count"));
    std::fs::write(&key, "5a".repeat(32)).expect("key");
    let mut command = std::process::Command::new(binaries.join("sumgil-edge"));
    command.arg("deid").arg(folder).arg(&out).arg("--key-file").arg(&key).arg("--report").arg(&report);
    xtask::programs::run_to_end(&mut command).expect("deid");
    let distinct: BTreeSet<Vec<u8>> = files_below(&out)
        .iter()
        .map(|file| std::fs::read(file).expect("read"))
        .filter(|bytes| is_wanted(bytes))
        .collect();
    distinct.len() as u64
}

/// Whether an edge lets the file go, as its policy stands when nobody changes it.
fn is_wanted(bytes: &[u8]) -> bool {
    use sumgil_dicom::{Limits, access, dictionary::tags, read_without_pixels};
    let header = read_without_pixels(bytes, &Limits::default()).expect("a finished file reads");
    access::text(&header.data_set, tags::MODALITY).is_some_and(|m| ["CT", "CR", "DX"].contains(&m.as_str()))
}

#[test]
fn random_kills_lose_nothing_and_double_nothing() {
    let kills = if std::env::var_os("SUMGIL_TEST_ALL").is_some() { 200 } else { 20 };
    let mut house = House::open();
    let folder = house.dir.path().join("files");
    invented_files(&folder, 40);
    let expected = cleared_count(&folder, house.dir.path());
    assert!(expected > 50, "{expected} files of the invented hospital can be sent");
    let files = files_below(&folder);
    let address = house.edge.dicom_address().expect("address").to_owned();
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let done = Arc::new(AtomicBool::new(false));
    let sender = {
        let (acknowledged, done, files) = (Arc::clone(&acknowledged), Arc::clone(&done), files);
        std::thread::spawn(move || {
            send_until_acknowledged(&address, &files, &acknowledged);
            done.store(true, Ordering::SeqCst);
        })
    };
    let mut random = StdRng::seed_from_u64(20_200_518);
    for _ in 0..kills {
        std::thread::sleep(Duration::from_millis(random.random_range(20..900)));
        if random.random_bool(0.5) {
            house.edge.process().expect("edge").kill();
            house.edge.serve().expect("the edge starts again");
        } else {
            house.registry.process().expect("registry").kill();
            house.registry.serve().expect("the registry starts again");
        }
    }
    sender.join().expect("sender");
    assert!(done.load(Ordering::SeqCst));
    house.drain();
    assert_eq!(house.objects_at_centre(), expected, "acknowledged, kept once");
}
