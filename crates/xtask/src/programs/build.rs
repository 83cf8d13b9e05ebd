//! Building the two programs and knowing where they stand.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, ensure};

/// Which build of the programs to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build; what tests use.
    Dev,
    /// What people run.
    Release,
}

/// Builds both programs and returns the folder that holds them.
///
/// # Errors
/// When cargo cannot be started or the build fails.
pub fn build(profile: Profile) -> anyhow::Result<PathBuf> {
    build_with(profile, Stdio::inherit)
}

/// As [`build`] for the dev profile, once per process and without output: for tests. `SUMGIL_PROGRAMS` names a folder
/// of programs to test instead, such as those of a package.
///
/// # Errors
/// As [`build`].
pub fn build_quietly() -> anyhow::Result<&'static Path> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| match std::env::var_os("SUMGIL_PROGRAMS") {
        Some(built) => Ok(PathBuf::from(built)),
        None => build_with(Profile::Dev, Stdio::null).map_err(|e| format!("{e:#}")),
    });
    folder.as_deref().map_err(|e| anyhow::anyhow!("{e}"))
}

fn build_with(profile: Profile, stream: fn() -> Stdio) -> anyhow::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--bins"]).current_dir(workspace());
    match profile {
        Profile::Release => {
            command.args(["--release", "--package", "sumgil-edge", "--package", "sumgil-registry"])
        }
        // As `cargo xtask test` has built them: another choice of packages has other features, and builds anew.
        Profile::Dev => command.arg("--workspace"),
    };
    let status = command.stdout(stream()).stderr(stream()).status().context("cannot start cargo")?;
    ensure!(status.success(), "the programs do not build; run `cargo build` to see why");
    Ok(target_folder().join(if profile == Profile::Release { "release" } else { "debug" }))
}

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from)
}
