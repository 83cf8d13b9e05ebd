//! `pull`: the PACS is asked for studies and sends them to our own port.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use sumgil_dicom::net::scu::{self, Peer, StudyKey, StudyMatch};
use tokio::sync::oneshot;

use crate::{Edge, EdgeError, Home, config::PacsConfig, serve::Server};

use super::cli::{complain, say};

/// Arguments of `pull`.
#[derive(Args)]
pub(super) struct PullArgs {
    /// File with accession numbers or patient IDs, one a line; empty lines and '#' comments are skipped.
    #[arg(long, value_name = "FILE")]
    list: PathBuf,
    /// What the lines are.
    #[arg(long, value_enum, default_value_t = By::Either)]
    by: By,
    /// Only say how many studies there are.
    #[arg(long)]
    dry_run: bool,
}

/// What a line of the list is.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// An accession number; if no study has it, a patient ID.
    Either,
    /// An accession number.
    Accession,
    /// A patient ID: every study of the patient. What the policy does not let out waits at the edge.
    Patient,
}

pub(super) async fn run(dir: &Path, args: PullArgs) -> Result<ExitCode> {
    let edge = Edge::open(Home::new(dir)).await?;
    let text = fs::read_to_string(&args.list).context("the list cannot be read")?;
    let pacs = edge.config.pacs.clone().context("edge.toml has no [pacs] section")?;
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).collect();
    let (title, dicom) = (edge.config.dicom.ae_title.clone(), edge.config.dicom.listen);
    if args.dry_run {
        return ask(&pacs, &title, &lines, &args).await;
    }
    // without a running server the port is opened for the time of the pull
    match Server::start(edge, dicom, SocketAddr::from(([127, 0, 0, 1], 0))).await {
        Ok(server) => {
            let (done, stop) = oneshot::channel::<()>();
            let running = tokio::spawn(server.run(async move {
                let _ = stop.await;
            }));
            let result = ask(&pacs, &title, &lines, &args).await;
            let _ = done.send(());
            running.await??;
            result
        }
        Err(EdgeError::Busy) => ask(&pacs, &title, &lines, &args).await,
        Err(error) => Err(error.into()),
    }
}

/// Asks for every line; a line number stands for it in messages, for the line itself may name a patient.
async fn ask(pacs: &PacsConfig, title: &str, lines: &[&str], args: &PullArgs) -> Result<ExitCode> {
    let peer = Peer::new(format!("{}:{}", pacs.host, pacs.port), pacs.ae_title.clone(), title.to_owned());
    let (mut studies, mut absent, mut failed, mut instances) = (0_u64, 0_u64, 0_u64, 0_u64);
    for (number, line) in (1..).zip(lines) {
        let matches = match find(&peer, line, args.by).await {
            Ok(matches) => matches,
            Err(error) => {
                complain(&format!("entry {number}: {error}"));
                failed += 1;
                continue;
            }
        };
        absent += u64::from(matches.is_empty());
        for study in matches {
            studies += 1;
            if args.dry_run {
                continue;
            }
            match scu::move_(&peer, &study.study, title, |_| {}).await {
                Ok(moved) => {
                    instances += u64::from(moved.completed + moved.warning);
                    failed += u64::from(moved.failed > 0);
                    if moved.failed > 0 {
                        complain(&format!("entry {number}: {} instances were not sent", moved.failed));
                    }
                }
                Err(error) => {
                    complain(&format!("entry {number}: {error}"));
                    failed += 1;
                }
            }
        }
    }
    say(&format!("{:>8}  entries", lines.len()));
    say(&format!("{studies:>8}  studies found"));
    say(&format!("{absent:>8}  entries without a study"));
    say(&format!("{instances:>8}  instances received"));
    say(&format!("{failed:>8}  failures"));
    Ok(if failed + absent == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn find(peer: &Peer, line: &str, by: By) -> Result<Vec<StudyMatch>, sumgil_dicom::net::NetError> {
    let accession = StudyKey::AccessionNumber(line.to_owned());
    let patient = StudyKey::PatientId(line.to_owned());
    match by {
        By::Accession => scu::find(peer, &accession).await,
        By::Patient => scu::find(peer, &patient).await,
        By::Either => match scu::find(peer, &accession).await {
            Ok(found) if !found.is_empty() => Ok(found),
            // An accession number has at most 16 characters: some archives answer a longer key with an error.
            _ => scu::find(peer, &patient).await,
        },
    }
}
