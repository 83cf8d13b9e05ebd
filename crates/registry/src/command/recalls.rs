//! `recalls`: what sites have taken back, and what became of it.

use std::{io::Write, process::ExitCode};

use crate::{DataDir, Registry, store::recalls};

/// Lists every recall, oldest first.
pub(super) async fn run(dir: &DataDir) -> anyhow::Result<ExitCode> {
    let registry = Registry::open(dir.clone()).await?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{:<24}  {:<17}  {:<16}  {:<20}  {:>7}  {:>7}  {:>8}  {:>6}  note",
        "site", "recall", "since", "reason", "objects", "erased", "released", "absent"
    )?;
    let listed = recalls::list(&registry.db).await?;
    for recall in &listed {
        writeln!(
            out,
            "{:<24}  {:<17}  {:<16}  {:<20}  {:>7}  {:>7}  {:>8}  {:>6}  {}",
            recall.site.as_str(),
            recall.number,
            recall.recalled_at.strftime("%Y-%m-%d %H:%M").to_string(),
            recall.reason,
            recall.objects,
            recall.erased,
            recall.released,
            recall.absent,
            recall.note
        )?;
    }
    let waiting = listed.iter().filter(|recall| recall.erased < recall.objects).count();
    writeln!(out, "{} recalls; {waiting} wait for their site to confirm the erasure", listed.len())?;
    Ok(ExitCode::SUCCESS)
}
