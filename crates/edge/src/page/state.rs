//! What every request of the page works with.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use sumgil_custody::CredentialDigest;
use tokio::sync::Semaphore;

use crate::{Edge, EdgeError, review::Gallery, spool::now_us, status::StatusPage, upload::Line};

use super::visitor::Person;

/// The time now, in microseconds UTC. A test brings its own.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Passwords that are checked at once: each takes 19 MiB and a while.
const HASHING_AT_ONCE: usize = 2;
/// Looks that are remembered, so that not every frame is a line of the log.
const MOST_LOOKS: usize = 1000;

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
    opened: Mutex<VecDeque<(CredentialDigest, i64)>>,
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
            opened: Mutex::default(),
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

    /// Writes into the log that somebody looks at an instance, before anything of it is shown. Its pictures belong
    /// to the same look.
    ///
    /// # Errors
    /// [`EdgeError::Database`]: then nothing may be shown.
    pub(super) async fn note_look(&self, person: &Person, what: &str, id: i64) -> Result<(), EdgeError> {
        self.edge().db.record_access(&person.name, what, &id.to_string()).await?;
        if let Ok(mut opened) = self.0.opened.lock() {
            opened.push_front((person.digest.clone(), id));
            opened.truncate(MOST_LOOKS);
        }
        Ok(())
    }

    /// Whether that was written already in this session.
    pub(super) fn has_looked(&self, person: &Person, id: i64) -> bool {
        let same = |look: &(CredentialDigest, i64)| look.1 == id && look.0 == person.digest;
        self.0.opened.lock().is_ok_and(|opened| opened.iter().any(same))
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
