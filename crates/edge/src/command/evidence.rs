//! `evidence`: what was done to an instance, attribute by attribute.

use std::{path::Path, process::ExitCode};

use anyhow::{Context, Result};
use clap::Args;
use sumgil_deid::Line;

use crate::{Edge, Home};

use super::cli::{complain, say};

/// Arguments of `evidence`.
#[derive(Args)]
pub(super) struct EvidenceArgs {
    /// The SOP instance UID as the centre knows it.
    #[arg(value_name = "UID")]
    uid: String,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(dir: &Path, args: &EvidenceArgs) -> Result<ExitCode> {
    let edge = Edge::open(Home::new(dir)).await?;
    let Some(evidence) = edge.db.evidence(&args.uid).await? else {
        complain("no instance with this UID was sealed here; name the UID that the centre has");
        return Ok(ExitCode::from(1));
    };
    if args.json {
        say(if evidence.is_empty() { "[]" } else { &evidence });
        return Ok(ExitCode::SUCCESS);
    }
    if evidence.is_empty() {
        say("sealed by an earlier version, which kept no evidence");
        return Ok(ExitCode::SUCCESS);
    }
    let lines: Vec<Line> = serde_json::from_str(&evidence).context("the evidence does not read")?;
    for line in lines {
        let (group, element) = line.tag.split_at_checked(4).unwrap_or((&line.tag, ""));
        let (deed, rule) = (word(&line.deed), word(&line.rule));
        say(&format!("({group},{element})  {deed:<9}  {rule:<8}  {}", line.elements));
    }
    Ok(ExitCode::SUCCESS)
}

/// The word that the JSON form has for it.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
