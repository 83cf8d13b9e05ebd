//! A hospital's people look at the local page in a real browser.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail loudly")]
#![allow(clippy::print_stderr, reason = "a test says what it leaves out")]

mod support;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use sumgil_phantom::{
    ImageSize,
    hospitals::{self, Plan},
};
use support::{House, json_of, python};
use toml::Value as Toml;
use xtask::{demo::dicom_files, programs::run_to_end};

const PASSWORD: &str = "four words of a morning";

fn account(house: &House, name: &str, role: &str) {
    let mut command = house.edge.command();
    command.args(["account", "add", name, "--role", role]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("account add");
    child.stdin.take().expect("stdin").write_all(format!("{PASSWORD}\n").as_bytes()).expect("password");
    let output = child.wait_with_output().expect("account add");
    assert!(output.status.success(), "account add {name}");
    assert!(String::from_utf8_lossy(&output.stdout).contains(name));
}

/// The page's settings: what leaves, how many samples, one person or two.
fn configure(house: &House, two_persons: bool) {
    let policy =
        Toml::try_from(serde_json::json!({ "modalities": ["CT", "CR", "DX", "ES"], "body_parts": [] }));
    house.edge.configure("policy", policy.expect("policy")).expect("configure");
    let review = Toml::try_from(
        serde_json::json!({ "two_persons": two_persons, "sample_percent": 0.0, "sample_first": 2 }),
    );
    house.edge.configure("review", review.expect("review")).expect("configure");
}

/// The files that people have to look at; `None` with a line where Python lacks what it takes.
fn burned(folder: &Path) -> Option<()> {
    let mut burn = python("burn.py")?;
    let invented = folder.join("invented");
    let size = ImageSize { cxr_columns: 384, cxr_rows: 480, ct_matrix: 256, ..ImageSize::default() };
    let plan = Plan { seed: 7, subjects: 3, masks: false, size };
    hospitals::write(&plan, &invented, &|_| ()).expect("hospitals");
    let made = json_of(burn.arg(&invented).arg(folder.join("files")));
    assert_eq!(made["made"], 6, "{made}");
    let images =
        dicom_files(&invented).into_iter().filter(|path| path.extension().is_some_and(|e| e == "dcm"));
    for (n, path) in images.take(24).enumerate() {
        std::fs::rename(&path, folder.join("files").join(format!("plain-{n}.dcm"))).expect("move");
    }
    Some(())
}

fn walk(part: &str, house: &House) -> Value {
    let mut script: Command = python("walk.py").expect("python");
    script.args([part, &house.edge.page_address().expect("address")]).env("SUMGIL_PASSWORD", PASSWORD);
    json_of(&mut script)
}

fn text<'a>(seen: &'a Value, key: &str) -> &'a str {
    seen[key].as_str().unwrap_or_else(|| panic!("no {key} in {seen}"))
}

fn command_line(house: &House, arguments: &[&str]) -> String {
    let output = run_to_end(house.edge.command().args(arguments)).expect("command");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_data_manager_walks_through_the_page() {
    if xtask::setup::find_program("chromium").is_none() {
        assert!(std::env::var_os("SUMGIL_REQUIRE_TOOLS").is_none(), "chromium is required and not installed");
        eprintln!("skipped: chromium is not installed");
        return;
    }
    let mut house = House::unopened();
    if burned(house.dir.path()).is_none() {
        return;
    }
    configure(&house, false);
    account(&house, "mina", "reviewer");
    account(&house, "jun", "reviewer");
    let imported = house.import(&[&house.dir.path().join("files")]);
    assert!(imported.count("quarantined") >= 6, "{imported:?}");
    house.edge.serve().expect("edge serves");

    let seen = walk("alone", &house);
    assert!(seen["waiting"].as_u64() >= Some(6), "{seen}");
    assert!(!text(&seen, "masks").is_empty() && !text(&seen, "patient").is_empty());
    assert!(text(&seen, "said_released").starts_with("Released"), "{seen}");
    assert!(text(&seen, "said_discarded").starts_with("Discarded"), "{seen}");
    assert_eq!(seen["frames"], 6);
    assert!(text(&seen, "korean").chars().any(|c| c >= '\u{ac00}'), "{seen}");
    assert!(seen["samples"].as_u64() >= Some(2), "{seen}");
    assert!(text(&seen, "said_missed").contains("sumgil-edge --dir DIR recall 2.25."), "{seen}");
    for told in ["released", "discarded", "judged a sample", "logged in", "no chest in it", "mina"] {
        assert!(text(&seen, "log").contains(told), "{told}: {seen}");
    }
    assert_eq!((&seen["elsewhere"], &seen["troubles"]), (&serde_json::json!([]), &serde_json::json!([])));

    house.drain();
    let listed: Value =
        serde_json::from_str(&command_line(&house, &["quarantine", "list", "--json"])).expect("JSON");
    let kept = listed["kept"].as_array().expect("kept");
    let waits = |key: &str| kept.iter().any(|k| k["id"] == seen[key]);
    assert!(!waits("released") && !waits("discarded") && waits("missed"), "{listed}");
    assert!(listed["alarms"].to_string().contains("text-missed"), "{listed}");

    house.edge.stop();
    configure(&house, true);
    house.edge.serve().expect("edge serves");
    let seen = walk("pairs", &house);
    assert!(text(&seen, "said_first").contains("second person"), "{seen}");
    assert_eq!(seen["can_second_own"], 0);
    assert_eq!(seen["masks"], seen["masks_shown"], "the second person sees what the first has drawn");
    assert!(text(&seen, "said_second").starts_with("해제했습니다"), "{seen}");
    assert_eq!((&seen["elsewhere"], &seen["troubles"]), (&serde_json::json!([]), &serde_json::json!([])));
    house.drain();
    let log = command_line(&house, &["subject", "log"]);
    assert!(log.contains("quarantine confirm") && log.contains("jun"), "{log}");
}
