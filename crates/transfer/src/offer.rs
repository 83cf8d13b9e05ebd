//! Offers, parts and their answers.

use serde::{Deserialize, Serialize};
use sumgil_custody::SignedReceipt;
use sumgil_model::ObjectDigest;

use crate::manifest::Manifest;

/// Most manifests in one offer.
pub const MAX_OFFER: usize = 256;
/// Most bytes in one part: 8 MiB.
pub const MAX_PART_BYTES: u64 = 8 * 1024 * 1024;

/// `POST /v1/offers`: what the edge would like to send. Repeating an offer changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// At most [`MAX_OFFER`], in the order of arrival at the edge.
    pub manifests: Vec<Manifest>,
}

/// The answer to an offer: one answer for each manifest, by digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferReply {
    /// In the order of the manifests.
    pub answers: Vec<ItemAnswer>,
}

/// The answer for one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemAnswer {
    /// Which object.
    pub digest: ObjectDigest,
    /// What about it.
    #[serde(flatten)]
    pub answer: OfferAnswer,
}

/// What the registry wants done about an offered object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "answer")]
pub enum OfferAnswer {
    /// Nothing: the registry holds it.
    Have {
        /// The proof.
        receipt: SignedReceipt,
    },
    /// Send the bytes from here on.
    Send {
        /// What the registry already holds durably, in bytes.
        offset: u64,
    },
    /// Do not send it: it would never be accepted as it is.
    Refuse {
        /// Why, for programs.
        code: RefusalCode,
        /// Why, for people. No patient data.
        detail: String,
    },
    /// Offer it again later; nothing is wrong with it.
    Later,
}

/// The answer to a part (`PATCH /v1/uploads/{digest}`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "answer")]
pub enum PartReply {
    /// The part is durable; send the next from here.
    Continue {
        /// What the registry now holds durably, in bytes.
        offset: u64,
    },
    /// That was the last part: the object is held, and this proves it.
    Done {
        /// The proof.
        receipt: SignedReceipt,
    },
    /// The part did not begin where it had to, or arrived damaged: send from here.
    WrongOffset {
        /// What the registry holds durably, in bytes.
        offset: u64,
    },
    /// The registry does not know this upload (it restarted): offer the object again.
    OfferFirst,
    /// The object is not accepted.
    Refuse {
        /// Why, for programs.
        code: RefusalCode,
        /// Why, for people. No patient data.
        detail: String,
    },
    /// The registry cannot at the moment (disk full, too busy, closing down): try again later.
    Later,
}

/// Why an object is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalCode {
    /// The second check found something that should not have left the hospital.
    Deidentification,
    /// The content belongs to another site, subject or UID than the manifest says.
    IdentityMismatch,
    /// Another object with this UID is held, and the protocol keeps no versions of it.
    VersionConflict,
    /// Larger than the registry accepts.
    TooLarge,
    /// Manifest or content cannot be read.
    Malformed,
    /// The site or the registry does not take part in this protocol.
    UnknownProtocol,
    /// The subject has withdrawn.
    Withdrawn,
    /// The site has recalled this object: it is not taken again.
    Recalled,
    /// All bytes arrived, and they are not those that the manifest names. The sender tries once more from the
    /// start, and then asks a person.
    DigestMismatch,
}

impl RefusalCode {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Deidentification,
        Self::IdentityMismatch,
        Self::VersionConflict,
        Self::TooLarge,
        Self::Malformed,
        Self::UnknownProtocol,
        Self::Withdrawn,
        Self::Recalled,
        Self::DigestMismatch,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deidentification => "deidentification",
            Self::IdentityMismatch => "identity-mismatch",
            Self::VersionConflict => "version-conflict",
            Self::TooLarge => "too-large",
            Self::Malformed => "malformed",
            Self::UnknownProtocol => "unknown-protocol",
            Self::Withdrawn => "withdrawn",
            Self::Recalled => "recalled",
            Self::DigestMismatch => "digest-mismatch",
        }
    }
}

impl std::fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
