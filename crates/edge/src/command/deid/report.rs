//! The report: one JSON line an input. Lines are appended as files are done, so that a killed run can go on,
//! and at the end the report is written anew, in order.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::Mutex,
};

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};
use sumgil_deid::{Line, Reason};
use sumgil_dicom::pixels::Region;

use super::files::write_whole;

pub(super) const CLEARED: &str = "cleared";
pub(super) const QUARANTINED: &str = "quarantined";
pub(super) const REFUSED: &str = "refused";

/// What became of one input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Verdict {
    /// Relative to IN.
    pub(super) path: String,
    /// `cleared`, `quarantined` or `refused`.
    pub(super) result: String,
    /// Why not cleared; empty otherwise.
    pub(super) reasons: Vec<Why>,
    /// Length of the output in bytes, if cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) size_bytes: Option<u64>,
    /// Where text in the pixels was blacked out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) hidden: Vec<Region>,
    /// What was done to which attribute, and by which rule. Never a value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) evidence: Vec<Line>,
    /// Keyed mark of input, identifiers, profile and key: unchanged, nothing has to be done again.
    pub(super) mark: String,
}

/// One reason, as a line of the report has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Why {
    /// Stable machine word.
    pub(super) code: String,
    /// In words, without patient data.
    pub(super) detail: String,
}

impl From<&Reason> for Why {
    fn from(reason: &Reason) -> Self {
        Self { code: reason.code.to_owned(), detail: reason.detail.clone() }
    }
}

/// The report file: what an earlier run said, and a place to append to.
pub(super) struct Report {
    path: PathBuf,
    earlier: BTreeMap<String, Verdict>,
    file: Mutex<File>,
}

impl Report {
    /// Opens or makes the report. Lines that do not read (a run was killed in mid-line) are forgotten.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let explain = || format!("cannot use the report {}", path.display());
        let text = match std::fs::read(path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(explain),
        };
        let earlier = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Verdict>(line).ok())
            .map(|verdict| (verdict.path.clone(), verdict))
            .collect();
        let mut file = OpenOptions::new().create(true).append(true).open(path).with_context(explain)?;
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n").with_context(explain)?;
        }
        Ok(Self { path: path.to_owned(), earlier, file: Mutex::new(file) })
    }

    /// What the report says of an input, if it was made under the same mark.
    pub(super) fn earlier(&self, name: &str, mark: &str) -> Option<&Verdict> {
        self.earlier.get(name).filter(|verdict| verdict.mark == mark)
    }

    /// Appends a line.
    pub(super) fn append(&self, verdict: &Verdict) -> Result<()> {
        let line = serde_json::to_string(verdict)? + "\n";
        let mut file =
            self.file.lock().map_err(|_| anyhow!("another thread failed while writing the report"))?;
        file.write_all(line.as_bytes()).context("cannot write the report")
    }

    /// Writes the whole report in order, in one step.
    pub(super) fn close(self, verdicts: &BTreeMap<String, Verdict>) -> Result<()> {
        let mut text = String::new();
        for verdict in verdicts.values() {
            text += &serde_json::to_string(verdict)?;
            text.push('\n');
        }
        write_whole(&self.path, text.as_bytes())
    }
}
