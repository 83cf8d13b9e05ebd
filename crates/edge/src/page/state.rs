//! What every request of the page works with.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::sync::Semaphore;

use crate::{Edge, review::Gallery, spool::now_us, status::StatusPage, upload::Line};

/// The time now, in microseconds UTC. A test brings its own.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Passwords that are checked at once: each takes 19 MiB and a while.
const HASHING_AT_ONCE: usize = 2;

/// The local page. Cheap to clone.
#[derive(Clone)]
pub struct Page(Arc<Inner>);

struct Inner {
    edge: Edge,
    status: StatusPage,
    address: SocketAddr,
    secure: bool,
    clock: Clock,
    gallery: Gallery,
    hashing: Semaphore,
}

impl Page {
    /// The page of `edge`, served at `address`, over TLS or not.
    pub fn new(edge: &Edge, line: Arc<Mutex<Line>>, address: SocketAddr, secure: bool) -> Self {
        Self::with_clock(edge, line, address, secure, Arc::new(now_us))
    }

    /// The same by another clock.
    pub fn with_clock(
        edge: &Edge,
        line: Arc<Mutex<Line>>,
        address: SocketAddr,
        secure: bool,
        clock: Clock,
    ) -> Self {
        Self(Arc::new(Inner {
            edge: edge.clone(),
            status: StatusPage::new(edge, line),
            address,
            secure,
            clock,
            gallery: Gallery::default(),
            hashing: Semaphore::new(HASHING_AT_ONCE),
        }))
    }

    pub(super) fn edge(&self) -> &Edge {
        &self.0.edge
    }

    pub(super) fn status(&self) -> &StatusPage {
        &self.0.status
    }

    pub(super) fn gallery(&self) -> &Gallery {
        &self.0.gallery
    }

    pub(super) fn hashing(&self) -> &Semaphore {
        &self.0.hashing
    }

    pub(super) fn now(&self) -> i64 {
        (self.0.clock)()
    }

    /// Whether it is served over TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.0.secure
    }

    /// Whether only this machine reaches it.
    pub(super) fn is_local(&self) -> bool {
        self.0.address.ip().is_loopback()
    }

    /// Whether a request for this host is for us.
    pub(super) fn answers_to(&self, host: &str) -> bool {
        let (address, port) = (self.0.address, self.0.address.port());
        let usual = if self.0.secure { 443 } else { 80 };
        let named = self.0.edge.config.status.hosts.iter().any(|name| {
            host.eq_ignore_ascii_case(&format!("{name}:{port}"))
                || (port == usual && host.eq_ignore_ascii_case(name))
        });
        let ours = [address.to_string(), format!("localhost:{port}"), format!("127.0.0.1:{port}")];
        named || ours.iter().any(|name| name == host)
    }
}
