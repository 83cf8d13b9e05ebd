//! `self-test`.

use std::{path::Path, process::ExitCode};

use anyhow::Result;
use clap::Args;

use crate::{Edge, Enrolment, Home, self_test};

use super::{
    cli::{complain, say},
    who::who,
};

/// Arguments of `self-test`.
#[derive(Args)]
pub(super) struct SelfTestArgs {
    /// Which invented patient.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Let sending go on though the last run failed. Logged with your name.
    #[arg(long, requires = "reason")]
    overrule: bool,
    /// Why; stays here.
    #[arg(long, value_name = "TEXT", requires = "overrule")]
    reason: Option<String>,
}

pub(super) async fn run(dir: &Path, args: SelfTestArgs) -> Result<ExitCode> {
    let home = Home::new(dir);
    if args.overrule {
        let edge = Edge::open(home).await?;
        return overrule(&edge, args.reason.as_deref().unwrap_or_default()).await;
    }
    // without a set-up the test runs all the same, and is not kept
    let result = if Enrolment::exists(&home) {
        self_test::run_and_keep(&Edge::open(home).await?, args.seed).await?
    } else {
        self_test::run(args.seed)?
    };
    say(&format!("{:>8}  files of an invented patient", result.files));
    say(&format!("{:>8}  cleared", result.cleared));
    say(&format!("{:>8}  kept for a person", result.kept));
    let hidden = result.planted - result.survived.min(result.planted);
    say(&format!("{hidden:>8}  of {} planted identifiers, dates and UIDs hidden", result.planted));
    say(&format!("{:>8}  of {} technical values kept as they were", result.stayed, result.should_stay));
    for (kind, file) in &result.leaks {
        complain(&format!("LEAK: {kind} in file {file}"));
    }
    if result.passed() {
        say("passed: none of them came out");
        return Ok(ExitCode::SUCCESS);
    }
    complain("FAILED: nothing is sent until it passes, or a person overrules it");
    Ok(ExitCode::from(1))
}

async fn overrule(edge: &Edge, reason: &str) -> Result<ExitCode> {
    if edge.db.overrule_self_test(&who(), reason).await? {
        say("overruled: sending goes on");
        return Ok(ExitCode::SUCCESS);
    }
    complain("the last self-test did not fail, or was overruled before");
    Ok(ExitCode::from(1))
}
