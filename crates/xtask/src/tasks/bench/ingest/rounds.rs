//! The rounds: Orthanc and the edge in turn, each with a fresh store.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::bail;
use clap::Args;
use tempfile::TempDir;

use super::measure::{Measure, ingest};
use super::orthanc::Orthanc;
use super::report;
use crate::programs::{Edge, Profile, Registry, build};
use crate::setup;

/// What to measure.
#[derive(Args)]
#[group(id = "ingest")]
pub(crate) struct Options {
    /// Rounds of each target.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// A folder of CT files to send; without it, invented 512 x 512 slices.
    #[arg(long)]
    files: Option<PathBuf>,
    /// How many instances a round sends.
    #[arg(long, default_value_t = 240)]
    instances: usize,
}

/// Measures and prints.
///
/// # Errors
/// When Orthanc cannot be had, or a target fails.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let missing = setup::ensure_debian(setup::FOR_BENCH);
    anyhow::ensure!(missing.is_empty(), "missing: {}", missing.join(", "));
    let binaries = build(Profile::Release)?;
    let work = TempDir::new()?;
    let files = match &options.files {
        Some(folder) => crate::demo::dicom_files(folder),
        None => crate::demo::invent_slices(&work.path().join("files"), options.instances)?,
    };
    let files: Vec<PathBuf> = files.into_iter().take(options.instances).collect();
    println!("{} instances, {} MB a round", files.len(), total_bytes(&files) / 1_000_000);
    for associations in [1, 4] {
        let (mut edge, mut orthanc) = (Vec::new(), Vec::new());
        for round in 0..options.rounds {
            let dir = work.path().join(format!("{associations}-{round}"));
            orthanc.push(measure_orthanc(&dir.join("orthanc"), &files, associations)?);
            edge.push(measure_edge(&binaries, &dir, &files, associations)?);
            std::fs::remove_dir_all(&dir).ok();
        }
        report::print(associations, &edge, &orthanc);
    }
    Ok(())
}

fn total_bytes(files: &[PathBuf]) -> u64 {
    files.iter().filter_map(|f| f.metadata().ok()).map(|m| m.len()).sum()
}

fn measure_orthanc(dir: &Path, files: &[PathBuf], associations: usize) -> anyhow::Result<Measure> {
    let peer = Orthanc::start(dir)?;
    ingest(peer.pid(), &peer.address(), files, associations, || Ok(()))
}

/// The centre is away, so that the processor time ends at the sealed spool.
fn measure_edge(
    binaries: &Path,
    dir: &Path,
    files: &[PathBuf],
    associations: usize,
) -> anyhow::Result<Measure> {
    std::fs::create_dir_all(dir)?;
    let mut registry = Registry::init(binaries, &dir.join("registry"))?;
    registry.serve()?;
    let token = registry.enrol("bench", "Benchmark")?;
    let mut edge = Edge::init(binaries, &dir.join("edge"), &registry.url()?, &token)?;
    registry.stop();
    edge.configure("quiet_seconds", 1)?;
    edge.serve()?;
    let address = edge.dicom_address()?.to_owned();
    let pid = edge.process()?.pid();
    ingest(pid, &address, files, associations, || wait_sealed(&edge))
}

/// Until nothing is held any more: all is sealed, in quarantine, or was received before.
fn wait_sealed(edge: &Edge) -> anyhow::Result<()> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(300) {
        let status = edge.status()?;
        if status["held"] == 0 && status["spooled"].as_u64() > Some(0) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    bail!("the edge has not sealed everything after 300 s")
}
