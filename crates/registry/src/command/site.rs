//! `site enrol`, `site list`.

use std::{io::Write, process::ExitCode};

use anyhow::Context;
use sumgil_custody::sha256;
use sumgil_model::SiteId;
use sumgil_transfer::statement::{Approval, SelfTestFigures};

use crate::{Config, DataDir, Registry, clock, sites, store, tls};

/// The commands about sites.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Site {
    /// Add a hospital, or give one that is known a new edge: prints a one-time token.
    Enrol {
        /// Its short code: 2 to 24 of a-z, 0-9 and '-'.
        code: SiteId,
        /// Its name in full.
        #[arg(long)]
        name: String,
        /// The address by which the hospital reaches this registry, for the printed command.
        #[arg(long, value_name = "HOST")]
        url: Option<String>,
        /// Print the token alone, for scripts.
        #[arg(long)]
        quiet: bool,
    },
    /// List the hospitals.
    List,
}

impl Site {
    /// Does it.
    pub(super) async fn run(self, dir: &DataDir) -> anyhow::Result<ExitCode> {
        let registry = Registry::open(dir.clone()).await?;
        match self {
            Self::Enrol { code, name, url, quiet } => {
                let fingerprint = fingerprint(dir, &registry.config)?;
                let token = sites::issue_token(&registry, &code, &name, fingerprint, clock::now()).await?;
                let token = token.reveal();
                let mut out = std::io::stdout();
                if quiet {
                    writeln!(out, "{}", token.as_str())?;
                } else {
                    let url = url.map_or_else(|| default_url(dir, &registry.config), complete);
                    writeln!(
                        out,
                        "{}\n\nworks once, for 14 days. At {code}, on the hospital's machine:\n  \
                         sumgil-edge --dir DIR init --registry {url} --token TOKEN",
                        token.as_str()
                    )?;
                }
            }
            Self::List => list(&registry).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn list(registry: &Registry) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{:<24}  {:<20}  {:<34}  {:<34}  name",
        "code", "edge enrolled", "approval", "self-test: hidden, kept right"
    )?;
    for site in store::sites::list(&registry.db).await? {
        let enrolled = match (site.closed_at, site.enrolled_at) {
            (Some(_), _) => "closed".to_owned(),
            (None, Some(at)) => at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            (None, None) => "not yet".to_owned(),
        };
        let approval = store::approvals::last(&registry.db, &site.id).await?;
        let tests = store::self_tests::last(&registry.db, &site.id, 1).await?;
        writeln!(
            out,
            "{:<24}  {enrolled:<20}  {:<34}  {:<34}  {}",
            site.id.as_str(),
            approval.as_ref().map_or("none".to_owned(), approval_line),
            tests.first().map_or("none yet".to_owned(), self_test_line),
            site.name
        )?;
    }
    Ok(())
}

fn approval_line(approval: &Approval) -> String {
    let today = clock::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let state = if approval.covers(today) { "" } else { " NOT VALID" };
    format!("{} until {} ({}){state}", approval.irb_number, approval.valid_until, approval.basis.as_str())
}

/// Numerator and denominator of both figures, and the day of the run.
fn self_test_line(test: &SelfTestFigures) -> String {
    let failed = if test.passed() { "" } else { "FAILED " };
    format!(
        "{failed}{}/{}, {}/{} on {}",
        test.hidden,
        test.planted,
        test.stayed,
        test.should_stay,
        test.ran_at.strftime("%Y-%m-%d")
    )
}

/// SHA-256 of the certificate that the edge pins: the last one that the server sends.
fn fingerprint(dir: &DataDir, config: &Config) -> anyhow::Result<[u8; 32]> {
    let chain = tls::load_chain(&dir.root().join(&config.tls.certificate))?;
    Ok(sha256(chain.last().context("the certificate file holds no certificate")?))
}

/// Where the server listens, or will.
fn default_url(dir: &DataDir, config: &Config) -> String {
    let running = std::fs::read(dir.listening()).ok();
    let running: Option<serde_json::Value> = running.and_then(|text| serde_json::from_slice(&text).ok());
    running
        .and_then(|value| value["url"].as_str().map(str::to_owned))
        .unwrap_or_else(|| format!("https://{}", config.listen))
}

fn complete(host: String) -> String {
    if host.contains("://") { host } else { format!("https://{host}") }
}
