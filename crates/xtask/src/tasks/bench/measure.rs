//! Rates and processor time of another process.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, ensure};

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

/// User and system time of a process in seconds (Linux: fields 14 and 15 of /proc/PID/stat, in 1/100 s).
fn cpu_seconds(pid: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).context("the receiver has ended")?;
    let after_name = stat.rsplit_once(')').context("unreadable /proc stat")?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks =
        |field: usize| fields.get(field).and_then(|t| t.parse::<f64>().ok()).context("unreadable /proc stat");
    Ok((ticks(11)? + ticks(12)?) / 100.0)
}

/// The median of `values`; not a number when there are none.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
