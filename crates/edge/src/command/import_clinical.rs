//! `import-clinical`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result};
use clap::Args;

use crate::{
    Edge, Home,
    clinical::{Tables, import_tables},
    pipeline::Sealer,
};

use super::cli::{complain, say};

/// Arguments of `import-clinical`.
#[derive(Args)]
pub(super) struct ImportClinicalArgs {
    /// Tables of subjects, labs or exams, in any order; the kind follows from the header. One mistake in one of
    /// them, and nothing of any is imported.
    #[arg(required = true, value_name = "FILE.csv")]
    files: Vec<PathBuf>,
    /// Only read and say what is wrong.
    #[arg(long)]
    dry_run: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Most problems that are printed.
const MOST: usize = 50;

pub(super) async fn run(dir: &Path, args: ImportClinicalArgs) -> Result<ExitCode> {
    let edge = Edge::open(Home::new(dir)).await?;
    let mut tables = Tables::default();
    for file in &args.files {
        let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
        tables.read(file, &bytes, edge.enrolment.site.as_str());
    }
    if !tables.problems.is_empty() {
        tables.problems.iter().take(MOST).for_each(|problem| complain(&problem.to_string()));
        complain(&format!("{} problems; nothing was imported", tables.problems.len()));
        return Ok(ExitCode::from(1));
    }
    for (kind, rows) in &tables.rows {
        complain(&format!("{rows:>8}  rows of {}", kind.as_str()));
    }
    if args.dry_run {
        say(&format!("{} patients; nothing is wrong; nothing was imported (dry run)", tables.patients.len()));
        return Ok(ExitCode::SUCCESS);
    }
    let policy = edge.config.policy.load()?;
    let profile = edge.config.deid.load()?;
    let sealer = Sealer::new(Arc::clone(&edge.enrolment), edge.secrets.clone(), profile.version());
    let imported = import_tables(&edge, &policy, &sealer, tables).await?;
    if args.json {
        say(&serde_json::to_string_pretty(&imported)?);
    } else {
        say(&format!("{:>8}  patients", imported.patients));
        say(&format!("{:>8}  records to be sent", imported.records));
        say(&format!("{:>8}  patients without anything new", imported.unchanged));
        say(&format!("{:>8}  exam notes taken in", imported.notes));
        say(&format!("{:>8}  patients kept out by the policy", imported.kept_by_policy));
    }
    if !imported.refused.is_empty() {
        imported.refused.iter().take(MOST).for_each(|reason| complain(reason));
        complain("nothing was imported");
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::SUCCESS)
}
