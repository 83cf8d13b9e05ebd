//! The command line.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::DataDir;

/// The centre's program: receives sealed objects from hospitals, verifies and indexes them, serves them.
#[derive(Debug, Parser)]
#[command(name = "sumgil-registry", version, arg_required_else_help = true)]
struct Cli {
    /// The registry's data directory; `init` makes it.
    #[arg(long, value_name = "DIR", env = "SUMGIL_REGISTRY_DIR")]
    dir: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a new registry: directory, configuration, databases, keys and certificates.
    Init(super::init::Init),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Enrol and list hospitals.
    #[command(subcommand)]
    Site(super::site::Site),
    /// Add and list people.
    #[command(subcommand)]
    User(super::user::User),
    /// Receive and serve until stopped (Ctrl-C or SIGTERM).
    Serve(super::serve::Serve),
    /// Open every object and compare rows, objects and audit log; exit code 1 when something is wrong.
    Check,
    /// List what hospitals have recalled, and whether it is erased.
    Recalls,
    /// Look at subjects across hospitals.
    #[command(subcommand)]
    Subjects(super::subjects::Subjects),
    /// Count: the cohort's tables, every figure with its numerator, denominator, unit and the number missing.
    Statistics(super::statistics::Statistics),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Read the configuration as `serve` would, and print it with secrets masked.
    Check,
}

/// Runs the program.
///
/// # Errors
/// With words for the operator.
pub fn run() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    let dir = DataDir::new(cli.dir);
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        match cli.command {
            Command::Init(init) => init.run(&dir).await,
            Command::Config(ConfigCommand::Check) => super::config_check::run(&dir),
            Command::Site(site) => site.run(&dir).await,
            Command::User(user) => user.run(&dir).await,
            Command::Statistics(statistics) => statistics.run(&dir).await,
            Command::Recalls => super::recalls::run(&dir).await,
            Command::Subjects(subjects) => subjects.run(&dir).await,
            Command::Check => super::check::run(&dir).await,
            Command::Serve(serve) => serve.run(&dir).await,
        }
    })
}

/// The default address: loopback only.
pub(super) const LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8443);
