//! `serve`.

use std::{net::SocketAddr, path::Path};

use anyhow::Result;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::{Edge, Home, serve::Server};

use super::cli::say;

/// Arguments of `serve`.
#[derive(Args)]
pub(super) struct ServeArgs {
    /// Where to listen for DICOM, instead of dicom.listen of edge.toml. Port 0 takes a free one; the addresses
    /// are written to listening.json in the data directory.
    #[arg(long, value_name = "ADDR")]
    dicom: Option<SocketAddr>,
    /// Where to show the local page, instead of status.listen of edge.toml. Beyond loopback only with TLS.
    #[arg(long, value_name = "ADDR")]
    status: Option<SocketAddr>,
}

pub(super) async fn run(dir: &Path, args: ServeArgs) -> Result<()> {
    let edge = Edge::open(Home::new(dir)).await?;
    let status = args.status.unwrap_or(edge.config.status.listen);
    let dicom = args.dicom.unwrap_or(edge.config.dicom.listen);
    let title = edge.config.dicom.ae_title.clone();
    let no_accounts = !edge.db.has_accounts().await?;
    let server = Server::start(edge, dicom, status).await?;
    let listening = server.listening();
    let scheme = if listening.fingerprint.is_some() { "https" } else { "http" };
    say(&format!("DICOM: {title} at {}   page: {scheme}://{}/", listening.dicom, listening.status));
    if let Some(fingerprint) = &listening.fingerprint {
        say(&format!("The page's certificate, SHA-256: {fingerprint}"));
    }
    if no_accounts {
        say("Nobody can log in to the page yet: sumgil-edge account add NAME --role reviewer");
    }
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    server
        .run(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
        .await?;
    Ok(())
}
