//! Connections: accepted up to a limit, shaken hands with, served, and let finish at the end.

use std::{future::Future, sync::Arc, time::Duration};

use axum::{Router, extract::connect_info::ConnectInfo};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use rustls::ServerConfig;
use std::net::SocketAddr;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_rustls::TlsAcceptor;

/// Longest wait for a handshake, for a request's headers, and for the next request of an open connection.
const HEADER_TIME: Duration = Duration::from_secs(30);
/// Longest wait for requests in work once the server was told to stop.
const STOP_TIME: Duration = Duration::from_secs(20);

/// Serves `app` on `listener` until `shutdown`; then lets requests in work finish.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    app: Router,
    connections: usize,
    shutdown: impl Future<Output = ()>,
) {
    let acceptor = tls.map(TlsAcceptor::from);
    let permits = Arc::new(Semaphore::new(connections.max(1)));
    let graceful = GracefulShutdown::new();
    tokio::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &permits) => accepted,
            () = &mut shutdown => break,
        };
        let Some((stream, peer, permit)) = accepted else { continue };
        let (acceptor, app, watcher) = (acceptor.clone(), app.clone(), graceful.watcher());
        tokio::spawn(async move {
            match acceptor {
                None => connection(stream, peer, app, watcher).await,
                Some(acceptor) => match tokio::time::timeout(HEADER_TIME, acceptor.accept(stream)).await {
                    Ok(Ok(stream)) => connection(stream, peer, app, watcher).await,
                    Ok(Err(_)) | Err(_) => tracing::debug!("handshake refused"),
                },
            }
            drop(permit);
        });
    }
    drop(listener);
    if tokio::time::timeout(STOP_TIME, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still in work when the server stopped");
    }
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let permit = Arc::clone(permits).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            let _ = stream.set_nodelay(true);
            Some((stream, peer, permit))
        }
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

async fn connection<S>(
    stream: S,
    peer: SocketAddr,
    app: Router,
    watcher: hyper_util::server::graceful::Watcher,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIME);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HEADER_TIME)
        .keep_alive_timeout(HEADER_TIME)
        .max_concurrent_streams(64);
    let service = TowerToHyperService::new(app.layer(axum::Extension(ConnectInfo(peer))));
    let serving = builder.serve_connection(TokioIo::new(stream), service).into_owned();
    if watcher.watch(serving).await.is_err() {
        tracing::debug!("a connection broke off");
    }
}
