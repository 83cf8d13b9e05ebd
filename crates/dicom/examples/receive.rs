//! Receives by C-STORE and forgets: what the receiving side itself costs. `receive ADDRESS`, ends on Ctrl-C.

#![allow(clippy::print_stdout)]

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sumgil_dicom::net::{BoxFuture, Received, ScpConfig, StoreHandler, StoreStatus, serve};

#[derive(Default)]
struct Forget {
    instances: AtomicU64,
    bytes: AtomicU64,
}

impl StoreHandler for Forget {
    fn store(&self, received: Received) -> BoxFuture<'_, StoreStatus> {
        self.instances.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(received.bytes.len() as u64, Ordering::Relaxed);
        Box::pin(std::future::ready(StoreStatus::Success))
    }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:11112".to_owned());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("receiving on {}", listener.local_addr()?);
    let handler = Arc::new(Forget::default());
    let ctrl_c = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    serve(listener, ScpConfig::default(), handler.clone(), ctrl_c).await?;
    let (instances, bytes) =
        (handler.instances.load(Ordering::Relaxed), handler.bytes.load(Ordering::Relaxed));
    println!("{instances} instances, {bytes} bytes");
    Ok(())
}
