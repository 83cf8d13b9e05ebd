//! The command line: what can be said, and where it goes.

use std::{
    io::{IsTerminal, stderr},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Result;
use clap::{Parser, Subcommand};

use super::{
    account, approval, evidence, import, import_clinical, init, key, pull, quarantine, recall, self_test,
    serve, status, subject,
};

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
    /// Set up the data directory: make the keys and enrol at the registry.
    Init(init::InitArgs),
    /// Receive by C-STORE, de-identify quiet studies, send, and show the local page.
    Serve(serve::ServeArgs),
    /// Take in DICOM files and folders. Every file is accounted for.
    Import(import::ImportArgs),
    /// Take in clinical tables (CSV): subjects, labs and exams, recognised by their header.
    ImportClinical(import_clinical::ImportClinicalArgs),
    /// Ask the PACS of edge.toml for studies and have it send them to our own port.
    Pull(pull::PullArgs),
    /// What waits for a person: look, release or throw away.
    #[command(subcommand)]
    Quarantine(quarantine::QuarantineCommand),
    /// Who may use the local page, on which people look at quarantine and samples.
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Take back what was sent: the centre stops using it at once, and erases it when you confirm.
    Recall(recall::RecallArgs),
    /// The review board's decision: without a valid one nothing is sent.
    #[command(subcommand)]
    Approval(approval::ApprovalCommand),
    /// How much is held, waiting, sent. No identities.
    Status(status::StatusArgs),
    /// The keys: without them nobody can ever tell which subject is which patient.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// What was done to which attribute of an instance that was sealed, and by which rule. No values.
    Evidence(evidence::EvidenceArgs),
    /// Which subject is which patient; merge patients, move studies. Every question is logged.
    #[command(subcommand)]
    Subject(subject::SubjectCommand),
    /// Let an invented patient with planted identifiers through de-identification, and say whether any came out.
    SelfTest(self_test::SelfTestArgs),
    /// The configuration, edge.toml.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// De-identify a folder without any set-up; print the profiles.
    Deid(super::deid::DeidCommand),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Say whether edge.toml can be used, and print what it resolves to.
    Check,
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("sumgil-edge: no threads can be had: {error}"));
            return ExitCode::from(1);
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => {
            complain(&format!("sumgil-edge: {error:#}"));
            ExitCode::from(1)
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    start_log();
    let dir = cli.dir.as_path();
    match cli.command {
        Command::Init(args) => init::run(dir, args).await?,
        Command::Serve(args) => serve::run(dir, args).await?,
        Command::Import(args) => return import::run(dir, args).await,
        Command::ImportClinical(args) => return import_clinical::run(dir, args).await,
        Command::Pull(args) => return pull::run(dir, args).await,
        Command::Quarantine(command) => quarantine::run(dir, command).await?,
        Command::Account(command) => account::run(dir, command).await?,
        Command::Recall(args) => return recall::run(dir, args).await,
        Command::Approval(command) => return approval::run(dir, command).await,
        Command::Status(args) => return status::run(dir, args).await,
        Command::Key(command) => key::run(dir, command)?,
        Command::Evidence(args) => return evidence::run(dir, &args).await,
        Command::Subject(command) => return subject::run(dir, command).await,
        Command::SelfTest(args) => return self_test::run(dir, args).await,
        Command::Config(ConfigCommand::Check) => super::config::check(dir)?,
        Command::Deid(args) => super::deid::run(&args)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Log lines go to standard error; `SUMGIL_LOG` sets how much (default: `info` for serve's own events).
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("SUMGIL_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,sumgil_edge=info"));
    // a second start in one process, as in tests, keeps the first
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    let _ = log.with_ansi(stderr().is_terminal()).try_init();
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
