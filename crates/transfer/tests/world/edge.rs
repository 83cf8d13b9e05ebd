//! The edge's side: a durable spool, and a sender that dies with the process.

use std::{collections::BTreeMap, time::Duration};

use rand_chacha::ChaCha8Rng;
use sumgil_custody::{SignedReceipt, sha256};
use sumgil_model::ObjectDigest;
use sumgil_transfer::{
    Manifest, OfferReply, PartReply, RefusalCode,
    sender::{Action, Config, Event, Item, Sender},
};

use super::{Made, Message, PART, keys, rng, site};

/// How an object left the spool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Freed,
    Quarantined(RefusalCode),
}

pub struct Spooled {
    pub manifest: Manifest,
    pub bytes: Vec<u8>,
    pub end: Option<End>,
    pub receipt: Option<SignedReceipt>,
}

pub struct Edge {
    pub spool: BTreeMap<ObjectDigest, Spooled>,
    pub sender: Sender,
    pub now: Duration,
    wake: Option<Duration>,
    rng: ChaCha8Rng,
    /// Requests are numbered anew after a restart; late answers to the process before must find nobody.
    life: u64,
}

fn sender() -> Sender {
    Sender::new(Config { part_bytes: PART, parallel: 2, offer_size: 3, ..Config::new(site(), keys(2).1) })
}

impl Edge {
    pub fn new() -> Self {
        Self {
            spool: BTreeMap::new(),
            sender: sender(),
            now: Duration::ZERO,
            wake: None,
            rng: rng(5),
            life: 0,
        }
    }

    pub fn is_done(&self) -> bool {
        self.sender.waiting() == 0
    }

    pub fn spool(&mut self, made: Made) -> Vec<Message> {
        let digest = made.manifest.body.digest.clone();
        let item = item(&made.manifest);
        self.spool
            .insert(digest, Spooled { manifest: made.manifest, bytes: made.bytes, end: None, receipt: None });
        self.handle(Event::Add(item))
    }

    pub fn restart(&mut self) -> Vec<Message> {
        self.sender = sender();
        self.life += 1;
        let mut waiting: Vec<Item> =
            self.spool.values().filter(|s| s.end.is_none()).map(|s| item(&s.manifest)).collect();
        waiting.sort_by_key(|item| item.sequence);
        waiting.into_iter().flat_map(|item| self.handle(Event::Add(item))).collect()
    }

    pub fn wake(&mut self) -> Vec<Message> {
        self.now = self.wake.take().unwrap_or(self.now + Duration::from_secs(1)).max(self.now);
        self.handle(Event::Tick)
    }

    pub fn offer_answered(&mut self, request: u64, reply: OfferReply) -> Vec<Message> {
        let request = self.this_life(request);
        self.handle(Event::OfferAnswered { request, reply })
    }

    pub fn part_answered(&mut self, request: u64, reply: PartReply) -> Vec<Message> {
        let request = self.this_life(request);
        self.handle(Event::PartAnswered { request, reply })
    }

    pub fn failed(&mut self, request: u64) -> Vec<Message> {
        let request = self.this_life(request);
        self.handle(Event::Failed { request })
    }

    /// The sender's own number of a request; 0, which it never uses, for one of an earlier life.
    fn this_life(&self, request: u64) -> u64 {
        if request >> 32 == self.life { request & 0xffff_ffff } else { 0 }
    }

    fn handle(&mut self, event: Event) -> Vec<Message> {
        let actions = self.sender.handle(event, self.now, &mut self.rng);
        self.wake = None;
        actions.into_iter().filter_map(|action| self.act(action)).collect()
    }

    fn act(&mut self, action: Action) -> Option<Message> {
        match action {
            Action::Offer { request, digests } => {
                let manifests = digests.iter().map(|d| self.spool[d].manifest.clone()).collect();
                return Some(Message::Offer { request: self.life << 32 | request, manifests });
            }
            Action::Part { request, digest, offset, length } => {
                let bytes = self.spool[&digest].bytes[offset as usize..(offset + length) as usize].to_vec();
                let request = self.life << 32 | request;
                return Some(Message::Part { request, digest, offset, sha256: sha256(&bytes), bytes });
            }
            Action::Free { digest, receipt } => self.end(&digest, End::Freed, Some(*receipt)),
            Action::Quarantine { digest, code, .. } => self.end(&digest, End::Quarantined(code), None),
            Action::BadReceipt { .. } => panic!("an honest registry's receipt was not believed"),
            Action::WaitUntil(moment) => {
                assert!(moment > self.now, "a wait for the past would spin");
                self.wake = Some(moment);
            }
        }
        None
    }

    fn end(&mut self, digest: &ObjectDigest, end: End, receipt: Option<SignedReceipt>) {
        let spooled = self.spool.get_mut(digest).unwrap();
        assert_eq!(spooled.end, None, "an object leaves the spool once");
        spooled.end = Some(end);
        spooled.receipt = receipt;
    }
}

fn item(manifest: &Manifest) -> Item {
    let body = &manifest.body;
    Item { digest: body.digest.clone(), size_bytes: body.size_bytes, sequence: body.sequence }
}
