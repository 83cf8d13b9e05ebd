//! Formatting, lints, licences and forbidden dependencies.

use crate::setup::find_program;

use super::{cargo, step};

/// Runs every check that needs no program to run.
///
/// # Errors
/// When one of them finds something.
pub fn run() -> anyhow::Result<()> {
    step("formatting", &mut cargo(&["fmt", "--all", "--check"]))?;
    step("lints", &mut cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))?;
    if find_program("cargo-deny").is_none() {
        step("install cargo-deny", &mut cargo(&["install", "--locked", "--quiet", "cargo-deny"]))?;
    }
    step(
        "licences, bans and sources",
        &mut cargo(&["deny", "--offline", "check", "licenses", "bans", "sources"]),
    )
}
