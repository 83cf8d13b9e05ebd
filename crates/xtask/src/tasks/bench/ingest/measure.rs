//! Rates and processor time of another process.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::ensure;

use crate::tasks::bench::process::cpu_seconds;

/// What one round of one target gave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    /// Instances answered with success, per second of wall time.
    pub(super) instances_per_second: f64,
    /// Processor time of the receiver per instance, user and system, in milliseconds.
    pub(super) cpu_ms_per_instance: f64,
}

/// Sends `files` to `address` over `associations` at once; `settled` returns when the receiver's work is done.
///
/// # Errors
/// When an instance is not answered with success, or the process cannot be read.
pub(super) fn ingest(
    pid: u32,
    address: &str,
    files: &[PathBuf],
    associations: usize,
    settled: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<Measure> {
    let cpu_before = cpu_seconds(pid)?;
    let start = Instant::now();
    let stored = send(address, files, associations)?;
    let wall = start.elapsed().as_secs_f64();
    ensure!(stored == files.len(), "{} of {} instances were stored", stored, files.len());
    settled()?;
    let cpu = cpu_seconds(pid)? - cpu_before;
    let count = files.len() as f64;
    Ok(Measure { instances_per_second: count / wall, cpu_ms_per_instance: cpu * 1000.0 / count })
}

fn send(address: &str, files: &[PathBuf], associations: usize) -> anyhow::Result<usize> {
    let share = files.len().div_ceil(associations);
    std::thread::scope(|scope| {
        let senders: Vec<_> =
            files.chunks(share).map(|part| scope.spawn(|| crate::demo::store_all(address, part))).collect();
        senders.into_iter().map(|s| s.join().map_err(|_| anyhow::anyhow!("a sender panicked"))?).sum()
    })
}
