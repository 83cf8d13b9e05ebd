//! A model of everything around the two machines: an edge with a spool, a registry with files and rows, and a
//! network that loses, doubles, reorders and damages. Each step is chosen by the test, and after each the
//! promises are checked.
#![allow(clippy::unwrap_used, clippy::panic, unreachable_pub, dead_code, reason = "a test fails by it")]

mod edge;
mod registry;

pub use edge::{Edge, End};
pub use registry::{Luck, Registry};

use std::sync::LazyLock;

use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use sumgil_custody::{
    ObjectContext, ObjectKey, ObjectKind, ReceivingKey, Secret, SigningKey, VerifyingKey, seal,
};
use sumgil_model::{ObjectDigest, ProtocolId, SiteId, SubjectId};
use sumgil_transfer::{Manifest, ManifestBody, OfferReply, PartReply};

/// Small parts, so that small objects have several.
pub const PART: u64 = 64;

/// A message under way.
#[derive(Clone, Debug)]
pub enum Message {
    Offer { request: u64, manifests: Vec<Manifest> },
    Part { request: u64, digest: ObjectDigest, offset: u64, bytes: Vec<u8>, sha256: [u8; 32] },
    OfferReply { request: u64, reply: OfferReply },
    PartReply { request: u64, reply: PartReply },
}

/// Edge, network and registry.
pub struct World {
    pub edge: Edge,
    pub registry: Registry,
    pub network: Vec<Message>,
}

/// A sealed object with its manifest, as the edge keeps it in its spool.
#[derive(Clone)]
pub struct Made {
    pub manifest: Manifest,
    pub bytes: Vec<u8>,
}

pub fn site() -> SiteId {
    SiteId::parse("hosp-01").unwrap()
}

pub fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// Key 1 is the site's, key 2 the registry's, others are strangers'.
pub fn keys(seed: u64) -> (SigningKey, VerifyingKey) {
    static KNOWN: LazyLock<[(SigningKey, VerifyingKey); 2]> = LazyLock::new(|| [new_keys(1), new_keys(2)]);
    match seed {
        1 => KNOWN[0].clone(),
        2 => KNOWN[1].clone(),
        other => new_keys(other),
    }
}

fn new_keys(seed: u64) -> (SigningKey, VerifyingKey) {
    let key = SigningKey::generate(&mut rng(seed));
    let public = key.verifying_key().unwrap();
    (key, public)
}

/// Object number `n` with `size` plain bytes and this UID.
pub fn made(n: u64, size: usize, uid: &str) -> Made {
    let mut rng = rng(1000 + n);
    let context = ObjectContext {
        site: site(),
        subject: SubjectId::from_bytes([1; 10]),
        uid: uid.to_owned(),
        kind: ObjectKind::Instance,
        profile: "sumgil-default-1".to_owned(),
    };
    let key = ObjectKey::generate(&mut rng);
    let sealed = seal::<()>(&vec![n as u8; size], &context, &key, &mut rng).unwrap();
    let receiving = ReceivingKey::generate(&mut rng).public().unwrap();
    let wrapped = receiving.wrap(&key, &context, &mut rng).unwrap();
    let body = ManifestBody::of(&sealed, ProtocolId::parse("kicc").unwrap(), n, wrapped);
    Made { manifest: body.sign(&keys(1).0).unwrap(), bytes: sealed.into_bytes() }
}

impl World {
    pub fn new(spool: impl IntoIterator<Item = Made>) -> Self {
        let mut world = Self { edge: Edge::new(), registry: Registry::new(), network: Vec::new() };
        for made in spool {
            let sent = world.edge.spool(made);
            world.sent(sent);
        }
        world
    }

    fn sent(&mut self, messages: Vec<Message>) {
        self.network.extend(messages);
        self.check();
    }

    /// Message `pick` arrives, whatever was sent before it.
    pub fn deliver(&mut self, pick: usize) {
        if self.network.is_empty() {
            return;
        }
        let message = self.network.remove(pick % self.network.len());
        self.arrive(message);
    }

    /// Message `pick` arrives, and will arrive once more.
    pub fn double(&mut self, pick: usize) {
        if !self.network.is_empty() {
            let message = self.network[pick % self.network.len()].clone();
            self.arrive(message);
        }
    }

    fn arrive(&mut self, message: Message) {
        let sent = match message {
            Message::Offer { request, manifests } => self.registry.offered(request, &manifests),
            Message::Part { request, digest, offset, bytes, sha256 } => {
                self.registry.part(request, &digest, offset, bytes, sha256)
            }
            Message::OfferReply { request, reply } => self.edge.offer_answered(request, reply),
            Message::PartReply { request, reply } => self.edge.part_answered(request, reply),
        };
        self.sent(sent);
    }

    /// Message `pick` is lost; the edge learns of it at once, or only by its patience.
    pub fn lose(&mut self, pick: usize, noticed: bool) {
        if self.network.is_empty() {
            return;
        }
        let request = match self.network.remove(pick % self.network.len()) {
            Message::Offer { request, .. }
            | Message::Part { request, .. }
            | Message::OfferReply { request, .. }
            | Message::PartReply { request, .. } => request,
        };
        if noticed {
            let sent = self.edge.failed(request);
            self.sent(sent);
        }
    }

    /// A byte of message `pick` is flipped, if it is a part.
    pub fn damage(&mut self, pick: usize) {
        let count = self.network.len().max(1);
        if let Some(Message::Part { bytes, .. }) = self.network.get_mut(pick % count) {
            let at = pick % bytes.len();
            bytes[at] ^= 0x10;
        }
    }

    /// The registry carries out one of the actions it has begun.
    pub fn work(&mut self, pick: usize, luck: Luck) {
        let sent = self.registry.work(pick, luck);
        self.sent(sent);
    }

    /// The registry dies and starts again.
    pub fn kill_registry(&mut self, pick: usize) {
        self.registry.restart(pick);
        self.check();
    }

    /// The edge dies and starts again.
    pub fn kill_edge(&mut self) {
        let sent = self.edge.restart();
        self.sent(sent);
    }

    /// Time passes until the sender wants to be woken.
    pub fn wait(&mut self) {
        let sent = self.edge.wake();
        self.sent(sent);
    }

    /// No more trouble: everything arrives, everything succeeds, until nothing waits. Returns the steps taken.
    pub fn calm(&mut self) -> usize {
        for step in 0..20_000 {
            if self.edge.is_done() {
                return step;
            }
            if !self.network.is_empty() {
                self.deliver(0);
            } else if self.registry.is_busy() {
                self.work(0, Luck::Good);
            } else {
                self.wait();
            }
        }
        panic!("never done: {} wait", self.edge.sender.waiting());
    }

    /// What must hold at every moment.
    pub fn check(&self) {
        self.registry.check();
        for (digest, spooled) in &self.edge.spool {
            if spooled.end == Some(End::Freed) {
                assert!(self.registry.holds(digest, &spooled.bytes), "freed, and not held at the registry");
            }
        }
    }
}
