//! What happens to the sender, and what is to be done about it.

use std::time::Duration;

use sumgil_custody::{SignedReceipt, VerifyingKey};
use sumgil_model::{ObjectDigest, SiteId};

use super::{backoff::Backoff, item::Item};
use crate::offer::{MAX_OFFER, MAX_PART_BYTES, OfferReply, PartReply, RefusalCode};

/// Names a request until it is answered; the sender's choice, never used twice.
pub type RequestId = u64;

/// How the sender goes about it.
#[derive(Clone, Debug)]
pub struct Config {
    /// The site that receipts must name.
    pub site: SiteId,
    /// The registry's key that receipts must be signed with.
    pub receipt_key: VerifyingKey,
    /// Most objects in one offer.
    pub offer_size: usize,
    /// Most parts under way at once.
    pub parallel: usize,
    /// Most bytes in one part.
    pub part_bytes: u64,
    /// How long an answer may take.
    pub patience: Duration,
    /// Waiting after failures.
    pub backoff: Backoff,
}

impl Config {
    /// The usual: offers of 256, 4 parts of 8 MiB at once, two minutes for an answer.
    pub fn new(site: SiteId, receipt_key: VerifyingKey) -> Self {
        Self {
            site,
            receipt_key,
            offer_size: MAX_OFFER,
            parallel: 4,
            part_bytes: MAX_PART_BYTES,
            patience: Duration::from_secs(120),
            backoff: Backoff::default(),
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// An object lies sealed in the spool. Adding one twice changes nothing.
    Add(Item),
    /// An object was taken back by a person: it is not sent any more. One that is not known changes nothing.
    Remove(ObjectDigest),
    /// An offer was answered.
    OfferAnswered {
        /// Which.
        request: RequestId,
        /// How.
        reply: OfferReply,
    },
    /// A part was answered.
    PartAnswered {
        /// Which.
        request: RequestId,
        /// How.
        reply: PartReply,
    },
    /// A request came to nothing: no connection, cut, timed out, or an answer that cannot be read.
    Failed {
        /// Which.
        request: RequestId,
    },
    /// Time passed: the moment of an [`Action::WaitUntil`] has come.
    Tick,
}

/// Something to be done, in the order given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Offer these objects.
    Offer {
        /// Names the request.
        request: RequestId,
        /// Which objects, in the order of arrival.
        digests: Vec<ObjectDigest>,
    },
    /// Send a part.
    Part {
        /// Names the request.
        request: RequestId,
        /// Of which object.
        digest: ObjectDigest,
        /// From where, in bytes.
        offset: u64,
        /// How many bytes.
        length: u64,
    },
    /// The registry proves that it holds the object: store the receipt; the spooled copy may go.
    Free {
        /// Which object.
        digest: ObjectDigest,
        /// The proof, verified.
        receipt: Box<SignedReceipt>,
    },
    /// The registry will not accept the object: move it to quarantine, where a person looks at it.
    Quarantine {
        /// Which object.
        digest: ObjectDigest,
        /// Why, for programs.
        code: RefusalCode,
        /// Why, for people.
        detail: String,
    },
    /// The registry sent a receipt that does not verify: tell the operator. The object stays and is offered again.
    BadReceipt {
        /// For which object.
        digest: ObjectDigest,
    },
    /// Send [`Event::Tick`] at this moment, unless something else happens before.
    WaitUntil(Duration),
}
