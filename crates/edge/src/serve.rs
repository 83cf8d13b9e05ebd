//! The running edge: DICOM port, worker, uploader and local page, together from start to stop.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use serde::Serialize;
use sumgil_dicom::net::{self, ScpConfig};
use tokio::{net::TcpListener, sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    Edge, EdgeError, WorkLock,
    error::Tried,
    intake::{HoldThread, Holder, Intake, StorePort},
    page::{self, Page, PageTls},
    pipeline::Worker,
    self_test,
    statements::Teller,
    upload::Uploader,
    write_private,
};

/// The addresses that a server listens at, as `listening.json` tells them.
#[derive(Clone, Debug, Serialize, serde::Deserialize)]
pub struct Listening {
    /// C-STORE and C-ECHO.
    pub dicom: SocketAddr,
    /// The local page.
    pub status: SocketAddr,
    /// The fingerprint of its certificate, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The process.
    pub pid: u32,
}

/// A running edge.
pub struct Server {
    listening: Listening,
    tasks: JoinSet<Result<(), EdgeError>>,
    shutdown: CancellationToken,
    hold: HoldThread,
    _lock: WorkLock,
}

impl Server {
    /// Starts everything. Returns when the ports are open.
    ///
    /// # Errors
    /// [`EdgeError::Busy`] when another process works here; ports, lists or credentials that cannot be used.
    pub async fn start(edge: Edge, dicom: SocketAddr, status: SocketAddr) -> Result<Self, EdgeError> {
        let refused = |reason| EdgeError::Config { file: edge.home.config(), reason };
        edge.config.status.check(status).map_err(refused)?;
        let lock = edge.home.lock()?;
        let dicom = TcpListener::bind(dicom).await.tried("open the DICOM port")?;
        let page = TcpListener::bind(status).await.tried("open the status port")?;
        let tls = PageTls::of(&edge.home, &edge.config.status, status)?;
        let listening = Listening {
            dicom: dicom.local_addr().tried("open the DICOM port")?,
            status: page.local_addr().tried("open the status port")?,
            fingerprint: tls.as_ref().map(|tls| tls.fingerprint.clone()),
            pid: std::process::id(),
        };
        let (holder, hold) = Holder::start(edge.home.hold(), edge.db.clone())?;
        let (shutdown, spooled) = (CancellationToken::new(), Arc::new(Notify::new()));
        let uploader = Uploader::new(&edge)?;
        let worker = Worker::new(&edge)?;
        let app = page::router(Page::new(&edge, uploader.line(), listening.status, tls.is_some()));
        let teller = Teller::new(&edge)?;
        let port = Arc::new(StorePort::new(Intake::new(&edge, holder)));
        let mut tasks = JoinSet::new();
        tasks.spawn(uploader.run(Arc::clone(&spooled), shutdown.clone()));
        tasks.spawn(worker.run(spooled, shutdown.clone()));
        tasks.spawn(page::serve(page, tls.map(|tls| tls.config), app, shutdown.clone()));
        tasks.spawn(teller.run(shutdown.clone()));
        tasks.spawn(self_test::watch(edge.clone(), shutdown.clone()));
        let (config, stop) = (scp_config(&edge), shutdown.clone().cancelled_owned());
        tasks.spawn(async move { net::serve(dicom, config, port, stop).await.tried("receive DICOM") });
        let text = serde_json::to_vec_pretty(&listening).unwrap_or_default();
        write_private(&edge.home.listening(), &text)?;
        if !edge.db.has_accounts().await? {
            tracing::warn!(
                "nobody can log in to the local page: 'sumgil-edge account add NAME --role reviewer'"
            );
        }
        tracing::info!(dicom = %listening.dicom, status = %listening.status, "serving");
        Ok(Self { listening, tasks, shutdown, hold, _lock: lock })
    }

    /// Where it listens.
    pub fn listening(&self) -> &Listening {
        &self.listening
    }

    /// Serves until `stop` completes or a part fails; then lets what is under way finish.
    ///
    /// # Errors
    /// That of the part that failed.
    pub async fn run(mut self, stop: impl Future<Output = ()>) -> Result<(), EdgeError> {
        let failed = tokio::select! {
            () = stop => None,
            ended = self.tasks.join_next() => ended,
        };
        self.shutdown.cancel();
        let mut result = failed.map_or(Ok(()), flatten);
        while let Some(ended) = self.tasks.join_next().await {
            result = result.and(flatten(ended));
        }
        let hold = self.hold;
        let _ = tokio::task::spawn_blocking(move || hold.join()).await;
        result
    }
}

fn flatten(ended: Result<Result<(), EdgeError>, tokio::task::JoinError>) -> Result<(), EdgeError> {
    ended.unwrap_or(Err(EdgeError::Stopped("a part of the server")))
}

fn scp_config(edge: &Edge) -> ScpConfig {
    let (dicom, limits) = (&edge.config.dicom, &edge.config.limits);
    let defaults = ScpConfig::default();
    ScpConfig {
        ae_title: dicom.ae_title.clone(),
        calling_ae_titles: dicom.allowed_callers.clone(),
        max_associations: dicom.max_associations,
        idle_timeout: Duration::from_secs(dicom.idle_timeout_seconds),
        accept_unknown_sop_classes: dicom.accept_unknown_sop_classes,
        max_object_bytes: limits.max_instance_mib << 20,
        ..defaults
    }
}
