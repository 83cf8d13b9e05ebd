//! The programs that are measured, and how each is called.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::setup;

/// Pinned, so that two runs measure the same peers.
const PACKAGES: &[&str] = &["dicognito==0.19.0", "dicom-anonymizer==2.1.0"];
const IMPORTS: &str = "import dicognito, dicomanonymizer";

/// A program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Sumgil,
    Dicognito,
    DicomAnonymizer,
}

/// All of them, ours first.
pub(super) const TARGETS: [Target; 3] = [Target::Sumgil, Target::Dicognito, Target::DicomAnonymizer];

/// Where the programs stand.
pub(super) struct Programs {
    edge: PathBuf,
    python: PathBuf,
    anonymizer: PathBuf,
}

impl Programs {
    /// Finds them; installs the peers into the Python environment of the tests.
    ///
    /// # Errors
    /// When the peers cannot be had.
    pub(super) fn find(binaries: &Path) -> anyhow::Result<Self> {
        let python = setup::ensure_python_with(PACKAGES, IMPORTS)?;
        let bin = python.parent().context("the interpreter stands in no folder")?;
        Ok(Self { edge: binaries.join("sumgil-edge"), anonymizer: bin.join("dicom-anonymizer"), python })
    }
}

impl Target {
    /// Name and version, as the table has it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sumgil => "sumgil-edge deid",
            Self::Dicognito => "dicognito 0.19.0",
            Self::DicomAnonymizer => "dicom-anonymizer 2.1.0",
        }
    }

    /// The call that de-identifies `input` into `dir/out`.
    ///
    /// # Errors
    /// When the folder or the key cannot be written.
    pub(super) fn command(self, programs: &Programs, input: &Path, dir: &Path) -> anyhow::Result<Command> {
        let out = dir.join("out");
        // dicom-anonymizer writes into folders that are there.
        std::fs::create_dir(&out)?;
        Ok(match self {
            Self::Sumgil => {
                let key = dir.join("key");
                std::fs::write(&key, "1d".repeat(32))?;
                let mut command = Command::new(&programs.edge);
                command.arg("deid").args([input, &out]).arg("--key-file").arg(key);
                command.arg("--report").arg(dir.join("report.jsonl")).args(["--jobs", "1"]);
                command
            }
            Self::Dicognito => {
                let mut command = Command::new(&programs.python);
                command.args(["-m", "dicognito", "--quiet", "--seed", "bench", "--output-directory"]);
                command.args([&out, input]);
                command
            }
            Self::DicomAnonymizer => {
                let mut command = Command::new(&programs.anonymizer);
                command.args([input, &out]);
                command
            }
        })
    }
}
