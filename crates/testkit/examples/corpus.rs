//! Writes a corpus with planted identifiers and its key: `corpus OUT [--seed N] [--patients N] [--style S]`.

use std::{io::Write, path::PathBuf};

use clap::Parser;
use sumgil_testkit::corpus::{Plan, Style, write};

#[derive(Parser)]
#[command(about = "Writes invented patients with planted identifiers, and key.csv")]
struct Arguments {
    /// The folder to write.
    out: PathBuf,
    /// Everything follows from it.
    #[arg(long, default_value_t = Plan::default().seed)]
    seed: u64,
    /// Persons.
    #[arg(long, default_value_t = Plan::default().patients)]
    patients: usize,
    /// Which sentences, phrases and fonts: `open` to look at, `held` to be judged by, or `all`.
    #[arg(long, default_value = "all")]
    style: Style,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let plan = Plan { seed: arguments.seed, patients: arguments.patients, style: arguments.style };
    let corpus = write(&plan, &arguments.out)?;
    writeln!(std::io::stdout(), "{} files, {} items of the key", corpus.files.len(), corpus.key.len())?;
    Ok(())
}
