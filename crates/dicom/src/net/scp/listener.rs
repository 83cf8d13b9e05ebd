//! Accepts connections and ends them in order.

use std::{future::Future, io, pin::pin, sync::Arc, time::Duration};

use tokio::{net::TcpListener, task::JoinSet, time};
use tokio_util::sync::CancellationToken;

use super::{
    ScpConfig, StoreHandler,
    association::{Shared, serve_connection},
    collect::Budget,
    gate::Gate,
};

/// Pause after a failed accept: out of file handles, most of the time.
const BREATH: Duration = Duration::from_millis(50);

/// Receives on `listener` until `shutdown` completes; then messages in progress may finish within
/// [`ScpConfig::shutdown_grace`], idle associations are aborted, and the function returns.
///
/// A connection that is cut off in mid-transfer leaves nothing: its bytes were only in memory and the handler is
/// called for complete, screened data sets alone. A handler's future is dropped unfinished only when the grace
/// period has passed; the sender has then not been told of success.
///
/// # Errors
/// Those of asking the listener for its address; failed accepts are logged and tried again.
pub async fn serve(
    listener: TcpListener,
    config: ScpConfig,
    handler: Arc<dyn StoreHandler>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    tracing::info!(%address, ae_title = config.ae_title, "receiving DICOM");
    let gate = Gate::new(config.max_pending, config.max_associations, config.yield_after);
    let grace = config.shutdown_grace;
    let budget = Budget::new(config.max_buffered_bytes);
    let closing = CancellationToken::new();
    let shared = Arc::new(Shared { config, handler, budget, closing: closing.clone() });
    let at_once = CancellationToken::new();
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            Some(ended) = connections.join_next(), if !connections.is_empty() => {
                if ended.is_err() {
                    tracing::error!("an association ended by a panic; its peer was told nothing");
                }
            }
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    // An answer must leave at once, not wait for the acknowledgement of the one before.
                    let _ = stream.set_nodelay(true);
                    let ticket = gate.arrive(peer.ip(), &at_once);
                    connections.spawn(serve_connection(stream, peer, ticket, shared.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "accepting a connection failed");
                    time::sleep(BREATH).await;
                }
            },
        }
    }
    drop(listener);
    closing.cancel();
    let all_done = async { while connections.join_next().await.is_some() {} };
    if time::timeout(grace, all_done).await.is_err() {
        at_once.cancel();
        while connections.join_next().await.is_some() {}
    }
    Ok(())
}
