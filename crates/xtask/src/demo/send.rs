//! What the hospitals do: send their images by C-STORE, import their clinical tables, look after quarantine.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use sumgil_dicom::net::scu::{FileToSend, Peer, store};

use super::hospitals::Hospital;
use crate::programs::{Edge, run_to_end};

/// Hospitals that send at once.
const SENDERS: usize = 3;
/// The AE title that edges have unless told otherwise.
const EDGE: &str = "SUMGIL";
/// The reason under which an image waits in which something may be text.
const UNSTATED: &str = "text-doubtful";

/// Sends every image and every clinical table of every hospital to its edge.
///
/// # Errors
/// When an instance is not answered with success, or a table is refused.
pub(super) fn everything(hospitals: &[Hospital], edges: &[Edge]) -> anyhow::Result<()> {
    let total: usize = hospitals.iter().map(|h| h.images.len()).sum();
    let bar = ProgressBar::new(total as u64).with_style(ProgressStyle::with_template(
        "sending by C-STORE {bar:30} {pos}/{len} instances, {per_sec}, {eta} left",
    )?);
    let next = AtomicUsize::new(0);
    let pairs: Vec<(&Hospital, &Edge)> = hospitals.iter().zip(edges).collect();
    std::thread::scope(|scope| -> anyhow::Result<()> {
        let senders: Vec<_> =
            (0..SENDERS).map(|_| scope.spawn(|| send_in_turn(&pairs, &next, &bar))).collect();
        senders.into_iter().try_for_each(|s| s.join().map_err(|_| anyhow::anyhow!("a sender panicked"))?)
    })?;
    bar.finish();
    println!("{total} instances were sent by C-STORE and acknowledged; the clinical tables are imported");
    Ok(())
}

fn send_in_turn(pairs: &[(&Hospital, &Edge)], next: &AtomicUsize, bar: &ProgressBar) -> anyhow::Result<()> {
    while let Some((hospital, edge)) = pairs.get(next.fetch_add(1, Ordering::SeqCst)) {
        edge.import_clinical(&hospital.tables)
            .with_context(|| format!("clinical tables of {}", hospital.code))?;
        let stored = store_reporting(edge.dicom_address()?, EDGE, &hospital.images, || bar.inc(1))?;
        if stored != hospital.images.len() {
            bail!("{} took {stored} of {} instances", hospital.code, hospital.images.len());
        }
    }
    Ok(())
}

/// Sends `files` over one association; how many were answered with success.
///
/// # Errors
/// When no association can be had.
pub fn store_all(address: &str, files: &[PathBuf]) -> anyhow::Result<usize> {
    store_all_as(address, EDGE, files)
}

/// The same, to the application entity `called`.
///
/// # Errors
/// When no association can be had.
pub fn store_all_as(address: &str, called: &str, files: &[PathBuf]) -> anyhow::Result<usize> {
    store_reporting(address, called, files, || {})
}

/// Sends one file; whether it was answered with success.
///
/// # Errors
/// When no association can be had.
pub fn store_one(address: &str, file: &Path) -> anyhow::Result<bool> {
    Ok(store_all(address, &[file.to_owned()])? == 1)
}

fn store_reporting(
    address: &str,
    called: &str,
    files: &[PathBuf],
    mut progress: impl FnMut(),
) -> anyhow::Result<usize> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let peer = Peer::new(address, called, "MODALITY");
    let files = files.iter().cloned().map(FileToSend::Path).collect();
    let report = runtime.block_on(store(&peer, files, |_, _| progress()));
    match (report.stored(), report.error) {
        (0, Some(error)) => Err(error.into()),
        (stored, _) => Ok(stored),
    }
}

/// Releases the radiographs that do not state whether text is burned in; how many.
pub(super) fn release_unstated_radiographs(edge: &Edge) -> anyhow::Result<u64> {
    let mut command = edge.command();
    let output = run_to_end(command.args(["quarantine", "release", "--reason", UNSTATED, "--all", "--yes"]))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.split_whitespace().find_map(|word| word.parse().ok()).unwrap_or(0))
}
