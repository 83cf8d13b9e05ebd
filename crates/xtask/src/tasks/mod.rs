//! The tasks beside the demo.

pub mod bench;
pub mod check;
pub mod test;

use std::process::Command;

use anyhow::{Context, ensure};

use crate::programs::workspace;

/// `cargo ARGUMENTS` in the workspace, its output shown.
fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(workspace());
    command
}

/// Runs one named step and fails with its name.
fn step(name: &str, command: &mut Command) -> anyhow::Result<()> {
    println!("--- {name}");
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    ensure!(status.success(), "{name} failed");
    Ok(())
}
