//! Every upload under way, each driven by its machine of `transfer` with real files and rows.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use sumgil_model::{ObjectDigest, SiteId};
use sumgil_transfer::{
    Manifest, ManifestBody, OfferAnswer, PartReply, RefusalCode,
    receiver::{Event, Standing, Upload},
};
use tokio::sync::Mutex as AsyncMutex;

use super::{
    commit,
    drive::{Answer, Drive},
    incoming::Incoming,
};
use crate::{
    Error, Registry,
    audit::Actor,
    store::{objects, recalls},
};

/// Uploads of which nothing but a file remains are forgotten beyond this number; their sites offer again.
const MOST_REMEMBERED: usize = 65_536;

type Key = (SiteId, ObjectDigest);

/// The way into the registry. Cheap to clone.
#[derive(Clone)]
pub struct Uploads {
    registry: Arc<Registry>,
    slots: Arc<Mutex<HashMap<Key, Arc<AsyncMutex<Slot>>>>>,
}

/// One upload: its machine, its file, and what is known of it between two actions.
pub(super) struct Slot {
    pub(super) machine: Upload,
    pub(super) file: Incoming,
    /// An object that came in one part: it needs no file of its own before it is kept.
    pub(super) whole: Option<Bytes>,
    /// What the inspection found.
    pub(super) fit: Option<commit::Fit>,
    /// Nothing is left to be done: the slot can go.
    pub(super) over: bool,
}

impl Uploads {
    /// The uploads of a registry. What earlier runs left in `incoming/` is taken up when its site offers it.
    pub fn new(registry: Arc<Registry>) -> Self {
        Self { registry, slots: Arc::default() }
    }

    /// Answers an offer of one object whose manifest has been verified.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn offer(&self, manifest: &Manifest, actor: &Actor) -> Result<OfferAnswer, Error> {
        let body = &manifest.body;
        let standing = self.standing(body).await?;
        let offered = Event::Offered { request: 0, manifest: Box::new(body.clone()), standing };
        match self.handle(&body.context.site, &body.digest, offered, actor).await? {
            Answer::Offer(answer) => Ok(answer),
            Answer::Part(_) | Answer::None => Ok(OfferAnswer::Later),
        }
    }

    /// Takes a part.
    ///
    /// # Errors
    /// When a task of the server was stopped.
    pub async fn part(
        &self,
        site: &SiteId,
        digest: &ObjectDigest,
        part: (u64, Bytes, [u8; 32]),
        actor: &Actor,
    ) -> Result<PartReply, Error> {
        let (offset, bytes, sha256) = part;
        let event = Event::Part { request: 0, offset, bytes, sha256 };
        match self.handle(site, digest, event, actor).await? {
            Answer::Part(reply) => Ok(reply),
            Answer::Offer(_) | Answer::None => Ok(PartReply::Later),
        }
    }

    /// How many bytes of an upload are durable.
    pub async fn offset(&self, site: &SiteId, digest: &ObjectDigest) -> u64 {
        self.slot(site, digest).lock().await.machine.offset()
    }

    /// What the rows say about an offered object.
    async fn standing(&self, body: &ManifestBody) -> Result<Standing, Error> {
        if recalls::is_barred(&self.registry.db, &body.context.site, &body.digest).await? {
            let detail = "the site has recalled this object".to_owned();
            return Ok(Standing::Barred { code: RefusalCode::Recalled, detail });
        }
        if let Some(object) = objects::find(&self.registry.db, &body.digest).await?
            && object.site == body.context.site
        {
            return Ok(Standing::Held(Box::new(commit::receipt(&self.registry, &object)?)));
        }
        Ok(match commit::objection(&self.registry, body).await? {
            Some(refused) => Standing::Barred { code: refused.code, detail: refused.detail },
            None => Standing::Unknown,
        })
    }

    /// Runs the machine in a task of its own: a client that goes away stops nothing half done.
    async fn handle(
        &self,
        site: &SiteId,
        digest: &ObjectDigest,
        event: Event<Bytes>,
        actor: &Actor,
    ) -> Result<Answer, Error> {
        let slot = self.slot(site, digest);
        let (uploads, key) = (self.clone(), (site.clone(), digest.clone()));
        let (registry, actor) = (Arc::clone(&self.registry), actor.clone());
        let driven = tokio::spawn(async move {
            let mut open = Arc::clone(&slot).lock_owned().await;
            let answer = Drive { registry: &registry, actor: &actor, slot: &mut open }.run(event).await;
            if open.over {
                uploads.forget(&key, &slot);
            }
            answer
        });
        driven.await.map_err(|_| Error::Stopped)
    }

    fn slot(&self, site: &SiteId, digest: &ObjectDigest) -> Arc<AsyncMutex<Slot>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MOST_REMEMBERED {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        let slot = slots.entry((site.clone(), digest.clone())).or_insert_with(|| {
            let file = Incoming::new(&self.registry.dir, site, digest);
            let machine = Upload::new(file.length());
            Arc::new(AsyncMutex::new(Slot { machine, file, whole: None, fit: None, over: false }))
        });
        Arc::clone(slot)
    }

    fn forget(&self, key: &Key, done: &Arc<AsyncMutex<Slot>>) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.get(key).is_some_and(|slot| Arc::ptr_eq(slot, done)) {
            slots.remove(key);
        }
    }
}
