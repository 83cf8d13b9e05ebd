//! The corpus and two runs of `sumgil-edge deid` over it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use sumgil_dicom::{
    Limits, Part10,
    dictionary::{tags, uids},
    read, write,
};
use sumgil_model::Uid;
use sumgil_testkit::corpus::{self, Action, Corpus, Item, Plan};
use tempfile::TempDir;
use xtask::programs::{build_quietly, run_to_end};

/// A corpus that went through twice.
pub(crate) struct Run {
    dir: TempDir,
    pub(crate) corpus: Corpus,
}

/// Makes the corpus and runs the program; `None` with a line when this machine has no fonts to burn text in with.
pub(crate) fn run() -> Option<Run> {
    let dir = TempDir::new().expect("folder");
    let plan = Plan { seed: 2603, ..Plan::default() };
    let corpus = match corpus::write(&plan, &dir.path().join("in")) {
        Ok(corpus) => corpus,
        Err(error) if error.to_string().contains("no font") => {
            eprintln!("skipped: {error}");
            return None;
        }
        Err(error) => panic!("{error:#}"),
    };
    let run = Run { dir, corpus };
    fs::write(run.path("key"), "5a".repeat(32)).expect("key");
    run.deid("out");
    run.deid("out2");
    Some(run)
}

impl Run {
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn deid(&self, out: &str) {
        let mut command = Command::new(build_quietly().expect("programs").join("sumgil-edge"));
        command.arg("deid").args([self.path("in"), self.path(out)]).arg("--key-file").arg(self.path("key"));
        command.arg("--report").arg(self.path(&format!("{out}.jsonl")));
        run_to_end(&mut command).expect("deid");
    }

    /// Names of the files.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.corpus.files.iter().map(String::as_str)
    }

    /// Whether the file is a document, which never leaves.
    pub(crate) fn may_drop(&self, file: &str) -> bool {
        self.key(file).any(|item| item.allow_drop == "1")
    }

    /// Lines of the key of a file.
    pub(crate) fn key<'a>(&'a self, file: &'a str) -> impl Iterator<Item = &'a Item> {
        self.corpus.key.iter().filter(move |item| item.file == file)
    }

    /// What came out of a file.
    pub(crate) fn output(&self, file: &str) -> Option<Vec<u8>> {
        fs::read(self.path("out").join(file)).ok()
    }

    /// The same without pixels, laid out plainly.
    pub(crate) fn output_without_pixels(&self, file: &str) -> Option<Vec<u8>> {
        let mut data_set = open(&self.path("out").join(file))?.data_set;
        data_set.remove_element(tags::PIXEL_DATA);
        write(&data_set, &Uid::parse(uids::EXPLICIT_VR_LITTLE_ENDIAN).ok()?).ok()
    }

    /// What came out the second time.
    pub(crate) fn second(&self, file: &str) -> Option<Vec<u8>> {
        fs::read(self.path("out2").join(file)).ok()
    }

    /// Input and output of a file, read.
    pub(crate) fn pair(&self, file: &str) -> Option<(Part10, Part10)> {
        Some((open(&self.path("in").join(file))?, open(&self.path("out").join(file))?))
    }

    /// Why files were not written: a count for each reason.
    pub(crate) fn reasons(&self) -> BTreeMap<String, usize> {
        let text = fs::read_to_string(self.path("out.jsonl")).expect("report");
        let mut reasons = BTreeMap::new();
        for line in text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            for reason in line["reasons"].as_array().into_iter().flatten() {
                *reasons.entry(reason["code"].to_string()).or_default() += 1;
            }
        }
        reasons
    }

    /// What names the patient of a file, as a line of a truth table. A name whose word also stands in what is to be
    /// kept (a patient called like the maker) is looked for as a whole by the other checks. Dates may stand elsewhere
    /// once they are shifted, and are checked element by element.
    pub(crate) fn identities(&self, file: &str) -> Value {
        let kept: BTreeSet<String> = self
            .key(file)
            .filter(|item| matches!(item.action, Action::TagRetained | Action::TextRetained))
            .flat_map(|item| words(&item.value))
            .collect();
        let planted = self.key(file).filter(|item| {
            matches!(item.action, Action::TextRemoved | Action::PrivateRemoved | Action::BytesRemoved)
                && !matches!(item.kind.as_str(), "date" | "keep")
                && (item.kind != "name" || words(&item.value).is_disjoint(&kept))
        });
        let identifiers: Vec<Value> =
            planted.map(|item| json!({"kind": item.kind, "value": item.value})).collect();
        let uids: BTreeSet<&str> = self
            .key(file)
            .filter(|item| item.action == Action::UidChanged)
            .map(|item| item.value.as_str())
            .collect();
        json!({"identifiers": identifiers, "uids": uids, "staff": []})
    }
}

fn words(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphabetic()).filter(|w| w.chars().count() >= 4).map(str::to_owned).collect()
}

fn open(path: &Path) -> Option<Part10> {
    read(&fs::read(path).ok()?, &Limits::default()).ok()
}
