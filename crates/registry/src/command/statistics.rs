//! `statistics`.

use std::{io::Write, path::PathBuf, process::ExitCode};

use anyhow::{Context as _, bail};
use sumgil_model::ProtocolId;
use sumgil_statistics::{
    Cohort, Definitions, evaluate,
    render::{Format, render},
};

use crate::{
    DataDir, Registry,
    audit::{self, Actor},
    clock,
    store::{Db, cohort, protocols},
};

/// Count: the cohort's tables, each figure with numerator, denominator, unit and the number missing.
#[derive(Debug, clap::Args)]
pub(super) struct Statistics {
    /// How to print: table, json, csv or md.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
    /// Whose subjects; may be left out where the registry has one protocol.
    #[arg(long, value_name = "CODE")]
    protocol: Option<ProtocolId>,
    /// Count by the definitions in this JSON file instead of the KICC-19 tables.
    #[arg(long, value_name = "FILE")]
    definitions: Option<PathBuf>,
}

impl Statistics {
    /// Counts and prints.
    pub(super) async fn run(self, dir: &DataDir) -> anyhow::Result<ExitCode> {
        let definitions = self.read_definitions()?;
        let registry = Registry::open(dir.clone()).await?;
        let protocol = choose(&registry.db, self.protocol).await?;
        audit::record(&registry.db, Actor::console().did("statistics.read", clock::now())).await?;
        let subjects = cohort::subjects(&registry.db, &protocol).await?;
        let exams = cohort::exams(&registry.db, &protocol).await?;
        let cohort = Cohort::new(subjects, exams.rows);
        let text = render(&evaluate(&definitions, &cohort), self.format)?;
        std::io::stdout().write_all(text.as_bytes())?;
        remark(cohort.exams_outside(), exams.untold_views)?;
        Ok(ExitCode::SUCCESS)
    }

    fn read_definitions(&self) -> anyhow::Result<Definitions> {
        let Some(path) = &self.definitions else { return Ok(Definitions::kicc19()?) };
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the definitions in {}", path.display()))?;
        Ok(Definitions::from_json(&text)?)
    }
}

/// What the tables leave out, on the error stream, so that piped output stays clean.
fn remark(exams_outside: usize, untold_views: u64) -> std::io::Result<()> {
    let mut err = std::io::stderr();
    if exams_outside > 0 {
        writeln!(err, "not counted: {exams_outside} exams outside their subject's index stay")?;
    }
    if untold_views > 0 {
        writeln!(err, "not counted: {untold_views} radiographs whose header tells no view")?;
    }
    Ok(())
}

/// The protocol asked for, or the only one.
async fn choose(db: &Db, asked: Option<ProtocolId>) -> anyhow::Result<ProtocolId> {
    let all = protocols::list(db).await?;
    match (asked, all.as_slice()) {
        (Some(id), all) if all.iter().any(|protocol| protocol.id == id) => Ok(id),
        (Some(id), _) => bail!("there is no protocol {id}"),
        (None, [only]) => Ok(only.id.clone()),
        (None, []) => bail!("this registry has no protocol yet"),
        (None, all) => {
            let codes: Vec<&str> = all.iter().map(|protocol| protocol.id.as_str()).collect();
            bail!("say which with --protocol: {}", codes.join(", "))
        }
    }
}
