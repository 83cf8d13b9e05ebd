//! What happens to an upload, and what is to be done about it.

use sumgil_custody::SignedReceipt;
use sumgil_model::ObjectDigest;

use crate::{
    manifest::ManifestBody,
    offer::{OfferAnswer, PartReply, RefusalCode},
};

/// Names a request until it is answered; the program's choice.
pub type RequestId = u64;

/// What the registry's rows say about an offered object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing: it may come.
    Unknown,
    /// This very object is held.
    Held(Box<SignedReceipt>),
    /// It would not be accepted.
    Barred {
        /// Why, for programs.
        code: RefusalCode,
        /// Why, for people.
        detail: String,
    },
}

/// What the inspection of a complete object found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Fit to be kept and indexed.
    Fit,
    /// Fit, but an object with this UID and other content is held: keep it apart.
    OtherVersion,
    /// Not accepted.
    Refused {
        /// Why, for programs.
        code: RefusalCode,
        /// Why, for people.
        detail: String,
    },
    /// It could not be inspected now: a disk or database failed.
    Unable,
}

/// Something that happened to an upload. `B` holds the bytes of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<B> {
    /// The site offers the object. The manifest was verified ([`crate::Manifest::verify`]).
    Offered {
        /// Who asked.
        request: RequestId,
        /// What the site says about it.
        manifest: Box<ManifestBody>,
        /// What the rows say about it.
        standing: Standing,
    },
    /// A part arrived.
    Part {
        /// Who asked.
        request: RequestId,
        /// Where it begins, by the sender's word.
        offset: u64,
        /// Its bytes as they arrived.
        bytes: B,
        /// The SHA-256 that the sender gave for them.
        sha256: [u8; 32],
    },
    /// The last [`Action::Write`] and the fsync after it succeeded.
    Written,
    /// The last [`Action::Write`] or its fsync failed: what lies beyond the durable offset is unknown.
    WriteFailed,
    /// The last [`Action::Digest`] gave this; `None` when the file could not be read.
    Digested(Option<ObjectDigest>),
    /// The last [`Action::Inspect`] gave this.
    Inspected(Verdict),
    /// The last [`Action::Commit`] is durable: file, directory and rows. The receipt is for this object.
    Committed(Box<SignedReceipt>),
    /// The last [`Action::Commit`] failed, or its outcome is unknown.
    CommitFailed,
}

/// Something to be done for an upload, in the order given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action<B> {
    /// Write the bytes into the incoming file at `offset`, cut the file after them, and fsync it; then report
    /// [`Event::Written`] or [`Event::WriteFailed`].
    Write {
        /// Where.
        offset: u64,
        /// What.
        bytes: B,
    },
    /// Digest the whole incoming file; report [`Event::Digested`].
    Digest,
    /// Unwrap the key, open the object, check it a second time, look for another version; report
    /// [`Event::Inspected`].
    Inspect,
    /// Rename the incoming file to its digest, fsync the directory, commit the rows in one transaction, sign the
    /// receipt; report [`Event::Committed`] or [`Event::CommitFailed`]. Doing it twice must change nothing.
    Commit {
        /// Keep it apart as another version: not indexed until a person decides.
        quarantine: bool,
    },
    /// Delete the incoming file.
    Discard,
    /// Answer an offer.
    AnswerOffer {
        /// Whom.
        request: RequestId,
        /// What.
        answer: OfferAnswer,
    },
    /// Answer a part.
    AnswerPart {
        /// Whom.
        request: RequestId,
        /// What.
        reply: PartReply,
    },
}
