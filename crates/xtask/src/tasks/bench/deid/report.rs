//! The table that the benchmark prints.

use super::{files::Files, rounds::Rounds};
use crate::tasks::bench::{process::Cost, rates::median};

/// Medians of one target.
struct Row {
    files_per_second: f64,
    files_per_cpu_second: f64,
    mb_per_cpu_second: f64,
    peak_mib: f64,
}

impl Row {
    fn of(rounds: &Rounds, files: &Files) -> Self {
        let of = |value: fn(&Cost) -> f64| median(rounds.costs.iter().map(value).collect());
        let (count, cpu) = (files.count as f64, of(|cost| cost.cpu_seconds));
        Self {
            files_per_second: count / of(|cost| cost.wall_seconds),
            files_per_cpu_second: count / cpu,
            mb_per_cpu_second: files.size_bytes as f64 / 1e6 / cpu,
            peak_mib: of(|cost| cost.peak_mib),
        }
    }
}

/// Prints medians, and how often ours goes into each peer's.
pub(super) fn print(title: &str, files: &Files, rounds: &[Rounds]) {
    let count = rounds.first().map_or(0, |first| first.costs.len());
    println!(
        "\n{title}: {} files, {} MB, medians of {count} rounds",
        files.count,
        files.size_bytes / 1_000_000
    );
    println!(
        "{:<24} {:>9} {:>12} {:>11} {:>9} {:>9}",
        "", "files/s", "files/CPU-s", "MB/CPU-s", "peak MiB", "written"
    );
    let rows: Vec<Row> = rounds.iter().map(|rounds| Row::of(rounds, files)).collect();
    for (rounds, row) in rounds.iter().zip(&rows) {
        println!(
            "{:<24} {:>9.1} {:>12.1} {:>11.1} {:>9.0} {:>9}",
            rounds.target.name(),
            row.files_per_second,
            row.files_per_cpu_second,
            row.mb_per_cpu_second,
            row.peak_mib,
            rounds.written
        );
    }
    let Some((ours, peers)) = rows.split_first() else { return };
    for (peer, rounds) in peers.iter().zip(&rounds[1..]) {
        println!(
            "{:<24} {:>9.1} {:>12.1} {:>11.1} {:>9.2}",
            format!("ratio to {}", rounds.target.name().split(' ').next().unwrap_or_default()),
            ours.files_per_second / peer.files_per_second,
            ours.files_per_cpu_second / peer.files_per_cpu_second,
            ours.mb_per_cpu_second / peer.mb_per_cpu_second,
            ours.peak_mib / peer.peak_mib
        );
    }
}
