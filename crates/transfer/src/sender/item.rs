//! One object in the spool, as the sender sees it.

use std::time::Duration;

use sumgil_model::ObjectDigest;

use super::event::RequestId;

/// An object in the spool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The object.
    pub digest: ObjectDigest,
    /// The size of its sealed bytes.
    pub size_bytes: u64,
    /// The site's number for it: the order of sending.
    pub sequence: u64,
}

/// An item and how far it is.
#[derive(Clone, Debug)]
pub(super) struct Tracked {
    pub(super) item: Item,
    pub(super) stage: Stage,
    /// Not to be touched before.
    pub(super) not_before: Duration,
    /// Failures of this item in a row.
    pub(super) stumbles: u32,
    /// Whether the registry once said that all bytes arrived and were the wrong ones.
    pub(super) mismatched: bool,
}

/// How far an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// To be offered.
    Ready,
    /// In an offer under way.
    Offered(RequestId),
    /// To be sent from here.
    Sendable(u64),
    /// A part that begins here is under way.
    Sending(RequestId, u64),
}

impl Tracked {
    pub(super) fn new(item: Item) -> Self {
        Self { item, stage: Stage::Ready, not_before: Duration::ZERO, stumbles: 0, mismatched: false }
    }

    /// Its place in a queue: first what may be sent earliest, then the order of arrival.
    pub(super) fn place(&self) -> Place {
        (self.not_before, self.item.sequence, self.item.digest.clone())
    }
}

/// A place in a queue.
pub(super) type Place = (Duration, u64, ObjectDigest);
