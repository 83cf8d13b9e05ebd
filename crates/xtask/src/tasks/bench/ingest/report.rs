//! The table that the benchmark prints.

use super::measure::Measure;
use crate::tasks::bench::rates::median;

/// Prints medians and the ratio of the edge to Orthanc.
pub(super) fn print(associations: usize, edge: &[Measure], orthanc: &[Measure]) {
    let rate = |rounds: &[Measure]| median(rounds.iter().map(|m| m.instances_per_second).collect());
    let cpu = |rounds: &[Measure]| median(rounds.iter().map(|m| m.cpu_ms_per_instance).collect());
    let word = if associations == 1 { "association" } else { "associations" };
    println!("\n{associations} {word}, medians of {} rounds", edge.len());
    println!("{:<34} {:>12} {:>16}", "", "instances/s", "CPU-ms/instance");
    println!("{:<34} {:>12.1} {:>16.2}", "sumgil-edge (held, hidden, sealed)", rate(edge), cpu(edge));
    println!("{:<34} {:>12.1} {:>16.2}", "Orthanc (stored plainly)", rate(orthanc), cpu(orthanc));
    println!(
        "{:<34} {:>12.2} {:>16.2}",
        "sumgil-edge / Orthanc",
        rate(edge) / rate(orthanc),
        cpu(edge) / cpu(orthanc)
    );
}
