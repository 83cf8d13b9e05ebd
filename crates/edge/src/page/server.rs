//! Connections of the page: accepted up to a limit, over TLS or not, and let finish at the end.

use std::{sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::EdgeError;

/// Connections at once.
const MOST: usize = 64;
/// Longest wait for a handshake, for a request's headers, and for the next request of an open connection.
const HEADER_TIME: Duration = Duration::from_secs(20);
/// Longest wait for requests in work once the server was told to stop.
const STOP_TIME: Duration = Duration::from_secs(10);

/// Serves `app` until `shutdown`.
///
/// # Errors
/// None at present: a connection that fails is none of the others' concern.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    app: Router,
    shutdown: CancellationToken,
) -> Result<(), EdgeError> {
    let acceptor = tls.map(TlsAcceptor::from);
    let permits = Arc::new(Semaphore::new(MOST));
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &permits) => accepted,
            () = shutdown.cancelled() => break,
        };
        let Some((stream, permit)) = accepted else { continue };
        let (acceptor, app, watcher) = (acceptor.clone(), app.clone(), graceful.watcher());
        tokio::spawn(async move {
            match acceptor {
                None => connection(stream, app, watcher).await,
                Some(acceptor) => match timeout(HEADER_TIME, acceptor.accept(stream)).await {
                    Ok(Ok(stream)) => connection(stream, app, watcher).await,
                    Ok(Err(_)) | Err(_) => tracing::debug!("a handshake was refused"),
                },
            }
            drop(permit);
        });
    }
    drop(listener);
    if timeout(STOP_TIME, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests to the local page were still in work when it stopped");
    }
    Ok(())
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(permits).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => {
            let _ = stream.set_nodelay(true);
            Some((stream, permit))
        }
        Err(error) => {
            tracing::warn!(%error, "a connection to the local page could not be accepted");
            sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

async fn connection<S>(stream: S, app: Router, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADER_TIME);
    let serving = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    if watcher.watch(serving).await.is_err() {
        tracing::debug!("a connection to the local page broke off");
    }
}
