//! What every handler of the server shares.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use sumgil_model::SiteId;
use tokio::sync::Semaphore;

use crate::{Registry, receive::Uploads};

/// The running registry behind the addresses.
#[derive(Clone)]
pub struct App {
    /// What it consists of.
    pub registry: Arc<Registry>,
    /// `https`, or `http` for a server without TLS on loopback.
    pub scheme: &'static str,
    /// The port that the server listens on, for clients that do not name it.
    pub port: Option<u16>,
    /// Uploads under way.
    pub uploads: Uploads,
    turns: Arc<Mutex<HashMap<SiteId, Arc<Semaphore>>>>,
}

impl App {
    /// The state of a server for `registry`.
    pub fn new(registry: Arc<Registry>) -> Self {
        let uploads = Uploads::new(Arc::clone(&registry));
        Self { uploads, registry, scheme: "https", port: None, turns: Arc::default() }
    }

    /// The same server, reached by this scheme at this port.
    #[must_use]
    pub fn reached_by(self, scheme: &'static str, port: u16) -> Self {
        Self { scheme, port: Some(port), ..self }
    }

    /// The turns of one site: no site has more requests in work than its share, so none starves another.
    pub(super) fn turns(&self, site: &SiteId) -> Arc<Semaphore> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let share = self.registry.config.limits.requests_per_site.max(1);
        Arc::clone(turns.entry(site.clone()).or_insert_with(|| Arc::new(Semaphore::new(share))))
    }
}
