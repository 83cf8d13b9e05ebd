//! The rounds: each target in turn over the same files, the order changing from round to round.

use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::TempDir;

use super::{
    files::{Files, radiographs, slices},
    report,
    target::{Programs, TARGETS, Target},
};
use crate::{
    demo::dicom_files,
    programs::{Profile, build},
    tasks::bench::process::{self, Cost},
};

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// Rounds of each target.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// CT slices of 0.5 MB.
    #[arg(long, default_value_t = 240)]
    slices: usize,
    /// Radiographs of 10 MB.
    #[arg(long, default_value_t = 24)]
    radiographs: usize,
    /// The folder that holds a built `sumgil-edge`; without it, the release build is made.
    #[arg(long)]
    programs: Option<PathBuf>,
}

/// What the rounds of one target gave.
pub(super) struct Rounds {
    pub(super) target: Target,
    pub(super) costs: Vec<Cost>,
    /// Files that the last round wrote.
    pub(super) written: usize,
}

/// Measures and prints.
///
/// # Errors
/// When a peer cannot be had, or a target fails.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let binaries = options.programs.clone().map_or_else(|| build(Profile::Release), Ok)?;
    let programs = Programs::find(&binaries)?;
    let work = TempDir::new()?;
    let sets = [
        ("CT slices: headers, no text looked for", slices(work.path(), options.slices)?),
        ("radiographs: text looked for by sumgil-edge alone", radiographs(work.path(), options.radiographs)?),
    ];
    for (title, files) in &sets {
        let rounds = interleaved(options.rounds, &programs, files, work.path())?;
        report::print(title, files, &rounds);
    }
    Ok(())
}

fn interleaved(count: usize, programs: &Programs, files: &Files, work: &Path) -> anyhow::Result<Vec<Rounds>> {
    let mut all: Vec<Rounds> =
        TARGETS.iter().map(|target| Rounds { target: *target, costs: Vec::new(), written: 0 }).collect();
    for round in 0..count {
        for turn in 0..all.len() {
            let rounds = &mut all[(round + turn) % TARGETS.len()];
            let dir = TempDir::new_in(work)?;
            let mut command = rounds.target.command(programs, &files.dir, dir.path())?;
            rounds.costs.push(process::run(&mut command)?);
            rounds.written = dicom_files(&dir.path().join("out")).len();
        }
    }
    Ok(all)
}
