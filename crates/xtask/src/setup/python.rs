//! A Python environment with the field's own readers and clients.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

/// What the tests import, pinned so that a run today and one next year test the same thing.
const PACKAGES: &[&str] = &[
    "pydicom==3.0.2",
    "numpy<3",
    "pynetdicom==3.0.4",
    "dicomweb-client==0.61.2",
    "cryptography>=43,<49",
    "pillow>=11,<13",
    "playwright==1.65.2",
];
const PIP: [&str; 5] = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
const IMPORTS: &str =
    "import pydicom, numpy, pynetdicom, dicomweb_client, cryptography, PIL, playwright.sync_api";

/// The interpreter that whole-program tests use: `SUMGIL_PYTHON`, else the environment that `ensure` made.
pub fn find() -> Option<PathBuf> {
    let candidates = [std::env::var_os("SUMGIL_PYTHON").map(PathBuf::from), Some(interpreter(&home()))];
    candidates.into_iter().flatten().find(|python| has_packages(python))
}

/// Finds the environment or makes it (network needed once).
///
/// # Errors
/// When there is no `python3`, or the packages cannot be installed.
pub fn ensure() -> anyhow::Result<PathBuf> {
    if let Some(python) = find() {
        return Ok(python);
    }
    let home = home();
    eprintln!(
        "making a Python environment with pydicom, pynetdicom and dicomweb-client in {} ...",
        home.display()
    );
    run(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    let python = interpreter(&home);
    run(Command::new(&python).args(PIP).args(PACKAGES))?;
    ensure!(has_packages(&python), "the Python packages were installed but cannot be imported");
    Ok(python)
}

/// As [`ensure`], with more packages in the same environment.
///
/// # Errors
/// As [`ensure`].
pub fn ensure_with(packages: &[&str], imports: &str) -> anyhow::Result<PathBuf> {
    let python = ensure()?;
    let has = || Command::new(&python).args(["-c", imports]).output().is_ok_and(|out| out.status.success());
    if !has() {
        run(Command::new(&python).args(PIP).args(packages))?;
        ensure!(has(), "{} were installed but cannot be imported", packages.join(" and "));
    }
    Ok(python)
}

fn home() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    target.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target")).join("python")
}

fn interpreter(home: &Path) -> PathBuf {
    home.join("bin/python3")
}

fn has_packages(python: &Path) -> bool {
    Command::new(python).args(["-c", IMPORTS]).output().is_ok_and(|out| out.status.success())
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let status =
        command.status().with_context(|| format!("cannot start {}", command.get_program().display()))?;
    ensure!(status.success(), "{} ended with {status}", command.get_program().display());
    Ok(())
}
