//! `self-test`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::self_test;

use super::cli::{complain, say};

/// Arguments of `self-test`.
#[derive(Args)]
pub(super) struct SelfTestArgs {
    /// Which invented patient.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(super) fn run(args: &SelfTestArgs) -> Result<ExitCode> {
    let result = self_test::run(args.seed)?;
    say(&format!("{:>8}  files of an invented patient", result.files));
    say(&format!("{:>8}  cleared", result.cleared));
    say(&format!("{:>8}  kept for a person", result.kept));
    say(&format!("{:>8}  planted identifiers, dates and UIDs", result.planted));
    for (kind, file) in &result.leaks {
        complain(&format!("LEAK: {kind} in file {file}"));
    }
    if result.passed() {
        say("passed: none of them came out");
        return Ok(ExitCode::SUCCESS);
    }
    complain("FAILED: do not send real patients with this installation");
    Ok(ExitCode::from(1))
}
