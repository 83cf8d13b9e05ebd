//! `user add`, `user list`.

use std::{io::Write, process::ExitCode};

use anyhow::bail;
use sumgil_model::SiteId;

use crate::{DataDir, Registry, Role, clock, store, users};

/// The commands about people.
#[derive(Debug, clap::Subcommand)]
pub(super) enum User {
    /// Add a person: prints their access token, once.
    Add {
        /// Login name: letters, digits, '.', '-', '_', '@'.
        name: String,
        /// What they are there for: hospital (images of their own hospital), reader (images of all),
        /// researcher (tables), operator (no content), privacy_officer (tables, audit log).
        #[arg(long)]
        role: Role,
        /// Their hospital's code; needed for the role hospital, and limits a reader to it.
        #[arg(long, value_name = "CODE", required_if_eq("role", "hospital"))]
        site: Option<SiteId>,
        /// Print the token alone, for scripts.
        #[arg(long)]
        quiet: bool,
    },
    /// List the people.
    List,
}

impl User {
    /// Does it.
    pub(super) async fn run(self, dir: &DataDir) -> anyhow::Result<ExitCode> {
        let registry = Registry::open(dir.clone()).await?;
        let mut out = std::io::stdout();
        match self {
            Self::Add { name, role, site, quiet } => {
                if !is_name(&name) {
                    bail!("a login name has 1 to 64 letters, digits, '.', '-', '_' or '@'");
                }
                if let Some(site) = &site
                    && store::sites::find(&registry.db, site).await?.is_none()
                {
                    bail!("there is no site {site}");
                }
                let token = users::add(&registry, &name, role, site, clock::now()).await?;
                writeln!(out, "{}", token.reveal().as_str())?;
                if !quiet {
                    writeln!(out, "\nsend it as \"Authorization: Bearer TOKEN\"; it is not shown again")?;
                }
            }
            Self::List => {
                for user in store::users::list(&registry.db).await? {
                    let site = user.site.map_or("all".to_owned(), |site| site.to_string());
                    let state = if user.disabled_at.is_some() { "disabled" } else { "" };
                    writeln!(out, "{:<24}  {:<16}  {site:<24}  {state}", user.name, user.role)?;
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'@'))
}
