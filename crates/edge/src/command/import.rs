//! `import`.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, Result};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    Edge, Home,
    engine::Engine,
    import::{Entry, Patience, files_below, follow, shown, take_files, verdict},
    intake::{Holder, Intake},
    spool::Fate,
};

use super::cli::say;

/// Arguments of `import`.
#[derive(Args)]
pub(super) struct ImportArgs {
    /// Files and folders, in any mix; folders with all below them. Files that are not DICOM are counted as
    /// refused.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Wait until the registry has acknowledged everything that can be sent, also while it is away.
    #[arg(long)]
    wait: bool,
    /// Give up waiting after so many seconds; nothing is lost, the rest is told as it then is.
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
    /// Write one JSON line for each file: path, result, reasons. It names your files, so it stays with you.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print the summary as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(dir: &Path, args: ImportArgs) -> Result<ExitCode> {
    let files = files_below(&args.paths)?;
    let edge = Edge::open(Home::new(dir)).await?;
    let mut engine = Engine::start(&edge)?;
    let (holder, hold) = Holder::start(edge.home.hold(), edge.db.clone())?;
    let entries = {
        let intake = Intake::new(&edge, holder);
        let bar = progress(files.len() as u64);
        let entries = take_files(&intake, &files, || bar.inc(1)).await?;
        bar.finish_and_clear();
        entries
    };
    tokio::task::spawn_blocking(move || hold.join()).await?;
    let ids: Vec<i64> = entries.iter().filter_map(taken).collect();
    edge.db.mark_ready(&ids).await?;
    let patience = Patience { until_sent: args.wait, at_most: args.timeout.map(Duration::from_secs) };
    let fates = follow(&edge, &ids, &mut engine, patience).await?;
    if let Some(engine) = engine {
        engine.stop().await?;
    }
    if let Some(path) = &args.report {
        write_report(path, &files, &entries, &fates)?;
    }
    summary(&entries, &fates, args.json)
}

fn taken(entry: &Entry) -> Option<i64> {
    match entry {
        Entry::Taken { id, .. } => Some(*id),
        Entry::Refused(_) | Entry::Failed(_) => None,
    }
}

fn progress(files: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files  {per_sec}  {eta} left");
    ProgressBar::new(files).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn write_report(
    path: &Path,
    files: &[PathBuf],
    entries: &[Entry],
    fates: &BTreeMap<i64, Fate>,
) -> Result<()> {
    let mut out = BufWriter::new(File::create(path).context("the report cannot be written")?);
    for (file, entry) in files.iter().zip(entries) {
        let (result, reasons) = verdict(entry, fates);
        let line = serde_json::json!({ "path": shown(file), "result": result, "reasons": reasons });
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}

/// Every word that a file's fate can have, in the order of the summary.
const RESULTS: [&str; 11] = [
    "sent",
    "to_be_sent",
    "already_there",
    "quarantined",
    "refused",
    "kept_by_policy",
    "refused_by_registry",
    "discarded",
    "recalled",
    "held",
    "failed",
];

/// Prints how many files ended where; the numbers add up to the number of files.
fn summary(entries: &[Entry], fates: &BTreeMap<i64, Fate>, as_json: bool) -> Result<ExitCode> {
    let mut results: BTreeMap<&str, u64> = RESULTS.iter().map(|word| (*word, 0)).collect();
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    for entry in entries {
        let (result, why) = verdict(entry, fates);
        *results.entry(result).or_default() += 1;
        let name = if why.is_empty() { result.to_owned() } else { format!("{result}: {}", why.join(", ")) };
        *reasons.entry(name).or_default() += 1;
    }
    if as_json {
        let mut value = serde_json::to_value(&results)?;
        value["files"] = entries.len().into();
        value["reasons"] = serde_json::to_value(&reasons)?;
        say(&serde_json::to_string_pretty(&value)?);
    } else {
        say(&format!("{:>8}  files", entries.len()));
        reasons.iter().for_each(|(name, n)| say(&format!("{n:>8}  {}", name.replace('_', " "))));
    }
    let failed = results.get("failed").copied().unwrap_or_default();
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
