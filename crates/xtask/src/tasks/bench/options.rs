//! Which benchmark to run.

use clap::{Args, Subcommand};

use super::{deid, ingest};

/// What to measure: receiving, unless something else is named.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Options {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    ingest: ingest::Options,
}

#[derive(Subcommand)]
enum What {
    /// Measure `sumgil-edge deid` beside dicognito and dicom-anonymizer, same files, interleaved, one thread each.
    Deid(deid::Options),
}

/// Measures and prints.
///
/// # Errors
/// When a tool cannot be had, or a target fails.
pub fn run(options: &Options) -> anyhow::Result<()> {
    match &options.what {
        Some(What::Deid(options)) => deid::run(options),
        None => ingest::run(&options.ingest),
    }
}
