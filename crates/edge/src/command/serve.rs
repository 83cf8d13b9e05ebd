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
    /// Where to show the status page, instead of status.listen of edge.toml. Loopback only.
    #[arg(long, value_name = "ADDR")]
    status: Option<SocketAddr>,
}

pub(super) async fn run(dir: &Path, args: ServeArgs) -> Result<()> {
    let edge = Edge::open(Home::new(dir)).await?;
    let status = args.status.unwrap_or(edge.config.status.listen);
    anyhow::ensure!(status.ip().is_loopback(), "--status must be a loopback address: the page has no log-in");
    let dicom = args.dicom.unwrap_or(edge.config.dicom.listen);
    let title = edge.config.dicom.ae_title.clone();
    let server = Server::start(edge, dicom, status).await?;
    let listening = server.listening();
    say(&format!("DICOM: {title} at {}   status: http://{}/", listening.dicom, listening.status));
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
