//! Every test, with the tools it needs.

use anyhow::ensure;
use clap::Args;

use crate::setup;

use super::{cargo, check, step};

/// What to run.
#[derive(Args)]
pub struct Options {
    /// Also the long runs: 200 kills instead of 20, the whole demo cohort, and `cargo xtask check`.
    #[arg(long)]
    all: bool,
    /// Go on without foreign tools that cannot be installed here; what is not tested is said.
    #[arg(long)]
    allow_missing: bool,
}

/// Sets up what is missing and runs the tests.
///
/// # Errors
/// When a tool cannot be had (unless allowed) or a test fails.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let missing = setup::ensure_debian(setup::FOR_TESTS);
    ensure!(
        missing.is_empty() || options.allow_missing,
        "tools are missing: {} (with --allow-missing their tests are left out)",
        missing.join(", ")
    );
    let python = setup::ensure_python();
    let mut tests = cargo(&["test", "--workspace", "--no-fail-fast"]);
    match python {
        Ok(python) => drop(tests.env("SUMGIL_PYTHON", python)),
        Err(error) if options.allow_missing => eprintln!("without Python: {error:#}"),
        Err(error) => return Err(error),
    }
    if !options.allow_missing {
        tests.env("SUMGIL_REQUIRE_POSTGRES", "1").env("SUMGIL_REQUIRE_TOOLS", "1");
    }
    if options.all {
        tests.env("SUMGIL_TEST_ALL", "1");
    }
    step("formatting", &mut cargo(&["fmt", "--all", "--check"]))?;
    step("programs", &mut cargo(&["build", "--workspace", "--bins"]))?;
    step("tests", &mut tests)?;
    if options.all {
        check::run()?;
    }
    println!("all tests passed");
    Ok(())
}
