//! `subjects linked`: subjects of several sites that are one person.

use std::{io::Write, process::ExitCode};

use crate::{
    DataDir, Registry,
    audit::{self, Actor},
    clock,
    store::linkage,
};

/// The commands about subjects.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Subjects {
    /// List groups of subjects whose national number gives the same token: one person, seen at several sites.
    Linked,
}

impl Subjects {
    /// Does it. The look is told in the audit log before it is answered.
    pub(super) async fn run(self, dir: &DataDir) -> anyhow::Result<ExitCode> {
        let registry = Registry::open(dir.clone()).await?;
        audit::record(&registry.db, Actor::console().did("subjects.linked", clock::now())).await?;
        let groups = linkage::groups(&registry.db).await?;
        let mut out = std::io::stdout();
        for (number, group) in (1..).zip(&groups) {
            for (site, subject) in &group.subjects {
                writeln!(out, "{number:>6}  {:<24}  {subject}", site.as_str())?;
            }
        }
        writeln!(out, "{} groups of subjects that are one person", groups.len())?;
        Ok(ExitCode::SUCCESS)
    }
}
