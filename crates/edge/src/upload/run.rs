//! Carries out what the sender's machine asks for, and tells it what came of it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use sumgil_custody::SignedReceipt;
use sumgil_model::ObjectDigest;
use sumgil_transfer::{
    Manifest, ManifestBody, Offer, OfferReply, PartReply,
    http::OFFERS,
    sender::{Action, Backoff, Config, Event, Item, RequestId, Sender},
};
use tokio::{sync::Notify, task::JoinSet, time::sleep};
use tokio_util::sync::CancellationToken;

use crate::{Edge, EdgeError, spool::Location, stop_reason};

use super::Registry;

/// How the way to the registry is, for the status page.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Line {
    /// Failures in a row; 0 when the registry answered last.
    pub failures: u32,
    /// The last failure in words, while there is one.
    pub last_error: Option<String>,
    /// Why nothing is sent though something waits; none while sending goes on.
    pub stopped: Option<String>,
}

/// Sends what lies in the spool.
pub struct Uploader {
    edge: Edge,
    registry: Registry,
    sender: Sender,
    config: Config,
    started: Instant,
    looked: Option<Instant>,
    objects: HashMap<ObjectDigest, Location>,
    last_sequence: i64,
    tasks: JoinSet<Done>,
    next: Option<Duration>,
    line: Arc<Mutex<Line>>,
}

enum Done {
    Offer(RequestId, Result<OfferReply, EdgeError>),
    Part(RequestId, Result<PartReply, EdgeError>),
}

/// How many objects are taken over from the database at once.
const PAGE: i64 = 1024;
/// How often the spool is looked at even if nobody says that something came.
const LOOK: Duration = Duration::from_secs(2);

impl Uploader {
    /// An uploader for everything in the spool of `edge`.
    ///
    /// # Errors
    /// [`EdgeError::Secret`] when the credential is gone.
    pub fn new(edge: &Edge) -> Result<Self, EdgeError> {
        let registry = edge.enrolment.registry(&edge.home)?;
        let enrolment = &edge.enrolment;
        let config = Config {
            parallel: edge.config.limits.parallel_uploads,
            backoff: Backoff { base: Duration::from_millis(500), cap: Duration::from_secs(60) },
            ..Config::new(enrolment.site.clone(), enrolment.receipt_key.clone())
        };
        Ok(Self {
            edge: edge.clone(),
            registry,
            sender: Sender::new(config.clone()),
            config,
            started: Instant::now(),
            looked: None,
            objects: HashMap::new(),
            last_sequence: 0,
            tasks: JoinSet::new(),
            next: None,
            line: Arc::default(),
        })
    }

    /// How the way to the registry is.
    pub fn line(&self) -> Arc<Mutex<Line>> {
        Arc::clone(&self.line)
    }

    /// Sends until `shutdown`; looks into the spool when `wake` says so, and every now and then.
    ///
    /// # Errors
    /// Database and disk errors, which no repetition cures.
    pub async fn run(mut self, wake: Arc<Notify>, shutdown: CancellationToken) -> Result<(), EdgeError> {
        loop {
            if self.must_stop().await? {
                tokio::select! {
                    () = shutdown.cancelled() => return Ok(()),
                    () = sleep(LOOK) => continue,
                }
            }
            self.take_over().await?;
            tokio::select! {
                () = shutdown.cancelled() => return Ok(()),
                () = wake.notified() => {}
                () = sleep(LOOK) => {}
                Some(done) = self.tasks.join_next() => self.report(done).await?,
                () = wait_for(self.next, self.started) => self.feed(Event::Tick).await?,
            }
        }
    }

    /// Sends until nothing waits any more, or until the registry has not answered for `patience`.
    /// Returns whether the spool is empty.
    ///
    /// # Errors
    /// As [`Uploader::run`].
    pub async fn drain(&mut self, patience: Duration) -> Result<bool, EdgeError> {
        let mut progress = Instant::now();
        loop {
            if self.must_stop().await? {
                return Ok(false);
            }
            self.take_over().await?;
            let waiting = self.sender.waiting();
            if waiting == 0 {
                return Ok(true);
            }
            if progress.elapsed() > patience {
                return Ok(false);
            }
            tokio::select! {
                Some(done) = self.tasks.join_next() => self.report(done).await?,
                () = wait_for(self.next, self.started) => self.feed(Event::Tick).await?,
                () = sleep(Duration::from_millis(500)) => {}
            }
            if self.sender.failures() == 0 && self.sender.waiting() < waiting {
                progress = Instant::now();
            }
        }
    }

    /// Now and then: whether anything may be sent at all, and what a person has taken back meanwhile.
    async fn must_stop(&mut self) -> Result<bool, EdgeError> {
        if self.looked.is_none_or(|at| at.elapsed() >= LOOK) {
            self.looked = Some(Instant::now());
            let why = stop_reason(&self.edge).await?;
            if why.is_some() {
                self.halt();
            }
            self.drop_recalled().await?;
            if let Ok(mut line) = self.line.lock() {
                line.stopped = why;
            }
        }
        Ok(self.line.lock().is_ok_and(|line| line.stopped.is_some()))
    }

    /// Forgets what is under way: nothing of it need survive, and the spool is offered again later.
    fn halt(&mut self) {
        self.tasks = JoinSet::new();
        self.sender = Sender::new(self.config.clone());
        self.objects.clear();
        (self.last_sequence, self.next) = (0, None);
    }

    async fn drop_recalled(&mut self) -> Result<(), EdgeError> {
        if self.objects.is_empty() {
            return Ok(());
        }
        let known = self.objects.keys().map(ObjectDigest::as_str);
        for digest in self.edge.db.recalled_among(known).await? {
            let digest = ObjectDigest::parse(&digest).map_err(|_| EdgeError::Damaged("an object's row"))?;
            self.objects.remove(&digest);
            self.feed(Event::Remove(digest)).await?;
        }
        Ok(())
    }

    /// Tells the machine of objects that are new in the spool.
    async fn take_over(&mut self) -> Result<(), EdgeError> {
        if self.sender.waiting() as i64 >= PAGE {
            return Ok(());
        }
        if self.sender.waiting() == 0 {
            // also what a person lets be offered again
            self.last_sequence = 0;
        }
        for object in self.edge.db.pending_objects(self.last_sequence, PAGE).await? {
            self.last_sequence = object.sequence;
            let digest =
                ObjectDigest::parse(&object.digest).map_err(|_| EdgeError::Damaged("an object's row"))?;
            let item = Item {
                digest: digest.clone(),
                size_bytes: object.location.length,
                sequence: object.sequence as u64,
            };
            self.objects.insert(digest, object.location);
            self.feed(Event::Add(item)).await?;
        }
        Ok(())
    }

    async fn report(&mut self, done: Result<Done, tokio::task::JoinError>) -> Result<(), EdgeError> {
        let done = done.map_err(|_| EdgeError::Stopped("an upload"))?;
        let event = match done {
            Done::Offer(request, Ok(reply)) => Event::OfferAnswered { request, reply },
            Done::Part(request, Ok(reply)) => Event::PartAnswered { request, reply },
            Done::Offer(request, Err(error)) | Done::Part(request, Err(error)) => {
                self.note_failure(&error);
                Event::Failed { request }
            }
        };
        self.feed(event).await
    }

    fn note_failure(&self, error: &EdgeError) {
        let text = error.to_string();
        if let Ok(mut line) = self.line.lock()
            && line.last_error.as_ref() != Some(&text)
        {
            tracing::warn!(error = %text, "the registry could not be reached or did not understand");
            line.last_error = Some(text);
        }
    }

    async fn feed(&mut self, event: Event) -> Result<(), EdgeError> {
        let actions = self.sender.handle(event, self.started.elapsed(), &mut rand::rng());
        self.next = None;
        let mut receipts = Vec::new();
        for action in actions {
            match action {
                Action::Offer { request, digests } => self.offer(request, digests),
                Action::Part { request, digest, offset, length } => {
                    self.part(request, digest, offset, length);
                }
                Action::Free { receipt, .. } => receipts.push(*receipt),
                Action::Quarantine { digest, code, detail } => {
                    tracing::warn!(code = code.as_str(), detail, "the registry refuses an object");
                    self.edge.db.record_refusal(digest.as_str(), code.as_str()).await?;
                    self.objects.remove(&digest);
                }
                Action::BadReceipt { .. } => self.edge.db.raise("bad-receipt", None, "").await?,
                Action::WaitUntil(moment) => self.next = Some(moment),
            }
        }
        self.note_state();
        self.free(receipts).await
    }

    fn note_state(&self) {
        if let Ok(mut line) = self.line.lock() {
            line.failures = self.sender.failures();
            if line.failures == 0 {
                line.last_error = None;
            }
        }
    }

    /// Only here a spooled copy is given up: the receipt is recorded first, then the segment may go.
    async fn free(&mut self, receipts: Vec<SignedReceipt>) -> Result<(), EdgeError> {
        if receipts.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = receipts
            .iter()
            .map(|r| {
                let text = serde_json::to_string(r).unwrap_or_default();
                (r.receipt.digest.to_string(), text, r.receipt.quarantined)
            })
            .collect();
        let segments = self.edge.db.record_receipts(&rows).await?;
        for receipt in &receipts {
            self.objects.remove(&receipt.receipt.digest);
        }
        self.edge.free(&segments).await
    }

    fn offer(&mut self, request: RequestId, digests: Vec<ObjectDigest>) {
        let (edge, registry) = (self.edge.clone(), self.registry.clone());
        self.tasks.spawn(async move {
            let reply = async {
                let manifests = manifests(&edge, &digests).await?;
                registry.post(OFFERS, &Offer { manifests }).await
            };
            Done::Offer(request, reply.await)
        });
    }

    fn part(&mut self, request: RequestId, digest: ObjectDigest, offset: u64, length: u64) {
        let (edge, registry) = (self.edge.clone(), self.registry.clone());
        let location = self.objects.get(&digest).cloned();
        self.tasks.spawn(async move {
            let reply = async {
                let location = location.ok_or(EdgeError::Damaged("a spooled object"))?;
                let part =
                    tokio::task::spawn_blocking(move || edge.spool.read_part(&location, offset, length))
                        .await
                        .map_err(|_| EdgeError::Stopped("a read of the spool"))??;
                registry.send_part(&digest, offset, part).await
            };
            Done::Part(request, reply.await)
        });
    }
}

/// The signed manifests of these objects.
async fn manifests(edge: &Edge, digests: &[ObjectDigest]) -> Result<Vec<Manifest>, EdgeError> {
    let bad = || EdgeError::Damaged("an object's manifest");
    let rows = edge.db.manifests(digests.iter().map(ObjectDigest::as_str)).await?;
    rows.into_iter()
        .map(|(sequence, text)| {
            let body: ManifestBody = serde_json::from_str(&text).map_err(|_| bad())?;
            ManifestBody { sequence: sequence as u64, ..body }.sign(&edge.secrets.signing).map_err(|_| bad())
        })
        .collect()
}

async fn wait_for(moment: Option<Duration>, started: Instant) {
    match moment {
        Some(moment) => sleep(moment.saturating_sub(started.elapsed())).await,
        None => std::future::pending().await,
    }
}
