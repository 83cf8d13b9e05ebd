//! `check`.

use std::{
    cell::Cell,
    io::Write,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{DataDir, Registry, check};

/// Time between two lines of progress.
const QUIET: Duration = Duration::from_secs(2);

/// Checks everything; exit code 1 when something is wrong.
pub(super) async fn run(dir: &DataDir) -> anyhow::Result<ExitCode> {
    let registry = Arc::new(Registry::open(dir.clone()).await?);
    let spoken = Cell::new(Instant::now());
    let report = check::check(&registry, |done, total| {
        if spoken.get().elapsed() >= QUIET {
            spoken.set(Instant::now());
            let _ = writeln!(std::io::stderr(), "checked {done} of {total} objects");
        }
    })
    .await?;
    let mut out = std::io::stdout();
    for finding in &report.findings {
        writeln!(out, "{} {}", finding.about, finding.wrong)?;
    }
    writeln!(
        out,
        "{} objects, {} bytes sealed, {} in quarantine, {} recalled, {} of withdrawn subjects; {} tombstones of \
         erased objects; {} audit lines",
        report.objects,
        report.size_bytes,
        report.quarantined,
        report.recalled,
        report.destroyed,
        report.erased,
        report.audit_lines
    )?;
    match report.findings.len() {
        0 => {
            writeln!(out, "sound: every object opens, every row has its object and the reverse")?;
            Ok(ExitCode::SUCCESS)
        }
        found => {
            writeln!(out, "{found} findings")?;
            Ok(ExitCode::FAILURE)
        }
    }
}
