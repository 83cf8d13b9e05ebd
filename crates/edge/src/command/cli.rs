//! The command line: what can be said, and where it goes.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The hospital's program of a chest-imaging cohort: it takes in DICOM and clinical tables, hides who the
/// patients are, and sends sealed objects to the registry. Names, numbers and the keys that could bring them
/// back never leave this machine.
#[derive(Parser)]
#[command(name = "sumgil-edge", version, propagate_version = true)]
struct Cli {
    /// The data directory.
    #[arg(long, global = true, value_name = "DIR", env = "SUMGIL_EDGE_DIR", default_value = ".")]
    dir: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The configuration, edge.toml.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Say whether edge.toml can be used, and print what it resolves to.
    Check,
}

/// Runs the program.
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            complain(&format!("sumgil-edge: {error:#}"));
            ExitCode::from(1)
        }
    }
}

#[allow(clippy::needless_pass_by_value)]
fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Command::Config(ConfigCommand::Check) => super::config::check(&cli.dir)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a line to standard output.
#[allow(clippy::print_stdout)]
pub(super) fn say(line: &str) {
    println!("{line}");
}

/// Prints a line to standard error.
#[allow(clippy::print_stderr)]
pub(super) fn complain(line: &str) {
    eprintln!("{line}");
}
