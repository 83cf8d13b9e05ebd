//! `serve`: the running registry.

use std::{net::SocketAddr, process::ExitCode, sync::Arc};

use anyhow::{Context, bail};
use serde_json::json;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{Config, DataDir, Registry, layout, receive, tls, web};

/// Options of `serve`.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// Listen here instead of where the configuration says; port 0 lets the system choose. The chosen
    /// address is written to DIR/listening.json.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Plain HTTP, for trying things out; refused for any address but loopback.
    #[arg(long)]
    insecure_loopback: bool,
}

impl Serve {
    /// Serves until told to stop.
    pub(super) async fn run(self, dir: &DataDir) -> anyhow::Result<ExitCode> {
        let address = self.listen.unwrap_or(Config::load(dir)?.listen);
        if self.insecure_loopback && !address.ip().is_loopback() {
            bail!("--insecure-loopback serves plain HTTP and is only for loopback, not for {address}");
        }
        let registry = Arc::new(Registry::open(dir.clone()).await?);
        let config = registry.config.clone();
        receive::tidy(dir).context("looking at what earlier runs left behind")?;
        let at = |path: &std::path::Path| dir.root().join(path);
        let tls = match self.insecure_loopback {
            true => None,
            false => Some(tls::server_config(&at(&config.tls.certificate), &at(&config.tls.private_key))?),
        };
        let listener = TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))?;
        let bound = listener.local_addr()?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let app = web::router(web::App::new(registry).reached_by(scheme, bound.port()));
        announce(dir, bound, tls.is_some())?;
        web::serve(listener, tls, app, config.limits.connections, stop_signal()?).await;
        std::fs::remove_file(dir.listening()).ok();
        tracing::info!("stopped");
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes listening.json, for people and programs that wait for the server.
fn announce(dir: &DataDir, address: SocketAddr, tls: bool) -> anyhow::Result<()> {
    let scheme = if tls { "https" } else { "http" };
    let url = format!("{scheme}://{address}");
    let text = json!({"address": address, "url": url, "tls": tls, "pid": std::process::id()});
    layout::replace(&dir.listening(), text.to_string().as_bytes()).context("writing listening.json")?;
    tracing::info!(%url, "listening");
    Ok(())
}

/// Ends with SIGTERM or SIGINT.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
