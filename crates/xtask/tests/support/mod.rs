//! What whole-program tests share: a registry with one edge, foreign tools, and folders of invented files.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests fail loudly")]
#![allow(clippy::print_stderr, reason = "a test says what it leaves out")]

pub mod hostile;
pub mod needles;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
pub use xtask::demo::dicom_files as files_below;
use xtask::programs::{Edge, Registry, build_quietly, run_to_end};

/// How long spools may take to drain on a busy machine.
pub const DRAIN: Duration = Duration::from_secs(300);

/// A registry and one edge that serve on loopback, in a folder that goes with them.
pub struct House {
    /// The centre.
    pub registry: Registry,
    /// The hospital.
    pub edge: Edge,
    /// Where they live.
    pub dir: TempDir,
}

impl House {
    /// Starts both.
    pub fn open() -> Self {
        let house = Self::unopened();
        let mut house = house;
        house.edge.serve().expect("edge serves");
        house
    }

    /// Starts the registry; the edge is made and not started.
    pub fn unopened() -> Self {
        let binaries = build_quietly().expect("programs");
        let dir = TempDir::new().expect("folder");
        let mut registry = Registry::init(binaries, &dir.path().join("registry")).expect("init");
        registry.serve().expect("registry serves");
        let token = registry.enrol("hanbit", "Hanbit Hospital").expect("enrol");
        let url = registry.url().expect("url");
        let edge = Edge::init(binaries, &dir.path().join("edge"), &url, &token).expect("edge init");
        edge.configure("quiet_seconds", 1).expect("configure");
        Self { registry, edge, dir }
    }

    /// Address of the centre, a reader's token and the authority's certificate, as scripts take them.
    pub fn door(&self) -> [String; 3] {
        let token = self.registry.add_user("test", "researcher").expect("user");
        let ca = self.registry.dir.join("tls/authority.pem");
        [self.registry.url().expect("url"), token, ca.display().to_string()]
    }

    /// Waits until the edge has sent all it has.
    pub fn drain(&self) {
        self.edge.wait_drained(DRAIN).expect("drained");
    }

    /// How many objects the centre keeps, by its own check, which must be clean.
    pub fn objects_at_centre(&self) -> u64 {
        number_before(&self.registry.check().expect("the registry's check is clean"), "objects")
    }

    /// `sumgil-edge import` of `paths`, until the centre has acknowledged what can be sent.
    pub fn import(&self, paths: &[&Path]) -> Imported {
        let output =
            run_to_end(self.edge.command().args(["import", "--wait", "--json"]).args(paths)).expect("import");
        Imported(serde_json::from_slice(&output.stdout).expect("import prints JSON"))
    }
}

/// What `sumgil-edge import --json` printed.
#[derive(Debug)]
pub struct Imported(Value);

impl Imported {
    /// How many files were given.
    pub fn files(&self) -> u64 {
        self.0["files"].as_u64().expect("files")
    }

    /// How many files ended as `result`, whatever the reason.
    pub fn count(&self, result: &str) -> u64 {
        self.0[result].as_u64().unwrap_or_else(|| panic!("no {result} in {self:?}"))
    }

    /// How many files ended in any way.
    pub fn accounted(&self) -> u64 {
        self.0["reasons"].as_object().expect("reasons").values().filter_map(Value::as_u64).sum()
    }
}

/// The number that stands before `word` in `text`.
pub fn number_before(text: &str, word: &str) -> u64 {
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words.iter().position(|w| w.trim_matches(|c: char| !c.is_alphanumeric()) == word);
    let at = at.unwrap_or_else(|| panic!("no {word:?} in {text}"));
    words[at - 1].parse().unwrap_or_else(|_| panic!("no number before {word:?} in {text}"))
}

/// The images of a few invented subjects, moved together into `folder`.
pub fn invented_files(folder: &Path, subjects: u32) -> PathBuf {
    let elsewhere = TempDir::new_in(folder.parent().expect("parent")).expect("folder");
    let hospitals = xtask::demo::invent(elsewhere.path(), subjects, 7).expect("phantoms");
    std::fs::create_dir_all(folder).expect("folder");
    for (number, image) in hospitals.iter().flat_map(|hospital| &hospital.images).enumerate() {
        std::fs::rename(image, folder.join(format!("{number:05}.dcm"))).expect("move");
    }
    folder.to_owned()
}

/// A foreign program, or `None` with one line that says what is not tested.
pub fn foreign(program: &str) -> Option<Command> {
    if xtask::setup::find_program(program).is_some() {
        return Some(Command::new(program));
    }
    assert!(std::env::var_os("SUMGIL_REQUIRE_TOOLS").is_none(), "{program} is required and not installed");
    eprintln!("skipped: {program} is not installed");
    None
}

/// Python with the field's packages and one of the scripts beside the tests.
pub fn python(script: &str) -> Option<Command> {
    let Some(python) = xtask::setup::find_python() else {
        assert!(std::env::var_os("SUMGIL_REQUIRE_TOOLS").is_none(), "Python with pydicom is required");
        eprintln!("skipped: no Python with pydicom; `cargo xtask test` makes one");
        return None;
    };
    let mut command = Command::new(python);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python").join(script));
    Some(command)
}

/// What a script printed as JSON.
pub fn json_of(command: &mut Command) -> Value {
    let output = run_to_end(command).expect("script");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Peak resident memory of a process in MiB (Linux).
pub fn peak_memory_mib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("status");
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).expect("VmHWM");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).expect("kB") / 1024
}
