//! The registry's signed answer to a statement. The answer to an erasure is its certificate.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sumgil_custody::{Signature, SigningKey, VerifyingKey};
use sumgil_model::{ObjectDigest, SiteId};

use super::{fields::Fields, message::StatementBody};
use crate::error::TransferError;

/// What became of one recalled object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecalledObject {
    /// The object.
    pub digest: ObjectDigest,
    /// Its SOP instance UID or record id.
    pub uid: String,
    /// The releases that it had been part of: copies of those are beyond recall. Empty when there is none.
    pub recalled_after_release: Vec<u64>,
    /// The object that takes its place, after a move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<ObjectDigest>,
}

/// Why a statement has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatementRefusal {
    /// Another statement of the site has this number.
    NumberTaken,
    /// There is no recall with this number.
    UnknownRecall,
    /// An object of a move was not recalled, or what takes its place is not held.
    NotMoved,
}

impl StatementRefusal {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NumberTaken => "number-taken",
            Self::UnknownRecall => "unknown-recall",
            Self::NotMoved => "not-moved",
        }
    }
}

/// What came of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "outcome", deny_unknown_fields)]
pub enum Outcome {
    /// It is kept.
    Noted,
    /// These objects are no longer indexed, searched or served.
    Quarantined {
        /// Every object that the recall met.
        objects: Vec<RecalledObject>,
        /// Objects that it named and that were not here; they are not taken any more.
        absent: u64,
    },
    /// The keys of these objects are destroyed and their bytes deleted: the certificate.
    Erased {
        /// The number of the recall.
        recall: u64,
        /// Every object that was erased by this statement or by an earlier one of the same recall.
        objects: Vec<RecalledObject>,
        /// Objects that the recall named and that never came; they are not taken any more.
        absent: u64,
    },
    /// It has no effect.
    Refused {
        /// Why.
        code: StatementRefusal,
    },
}

/// What is signed in a [`StatementAnswer`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// The site that made the statement.
    pub site: SiteId,
    /// Its number.
    pub number: u64,
    /// The SHA-256 of what the site signed.
    pub statement: ObjectDigest,
    /// When its effect was committed, to the microsecond.
    pub at: Timestamp,
    /// The sequence number of the audit event that was committed with it.
    pub audit_index: u64,
    /// What came of it.
    pub result: Outcome,
}

/// An answer with the registry's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementAnswer {
    /// What is signed.
    #[serde(flatten)]
    pub body: AnswerBody,
    /// The registry's signature over [`AnswerBody::encode`], by the key that signs receipts.
    pub signature: Signature,
}

impl Outcome {
    fn encode(&self, to: &mut Fields) {
        match self {
            Self::Noted => {
                to.text("noted");
            }
            Self::Quarantined { objects, absent } => {
                to.text("quarantined");
                objects_into(to, objects).number(*absent);
            }
            Self::Erased { recall, objects, absent } => {
                to.text("erased").number(*recall);
                objects_into(to, objects).number(*absent);
            }
            Self::Refused { code } => {
                to.text("refused").text(code.as_str());
            }
        }
    }

    /// The objects that it names.
    pub fn objects(&self) -> &[RecalledObject] {
        match self {
            Self::Quarantined { objects, .. } | Self::Erased { objects, .. } => objects,
            Self::Noted | Self::Refused { .. } => &[],
        }
    }
}

fn objects_into<'a>(to: &'a mut Fields, objects: &[RecalledObject]) -> &'a mut Fields {
    to.list(objects, |to, object| {
        to.text(object.digest.as_str()).text(&object.uid);
        to.list(&object.recalled_after_release, |to, release| {
            to.number(*release);
        });
        to.text(object.superseded_by.as_ref().map_or("", ObjectDigest::as_str));
    })
}

impl AnswerBody {
    /// Signs it with the registry's key.
    ///
    /// # Errors
    /// [`TransferError::Custody`] when the key is refused.
    pub fn sign(self, key: &SigningKey) -> Result<StatementAnswer, TransferError> {
        let signature = key.sign(&self.encode())?;
        Ok(StatementAnswer { body: self, signature })
    }

    /// The bytes that are signed: the label `sumgil statement answer 1`, site, number, statement digest, moment, audit
    /// index, and the outcome's word and fields.
    pub fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new("sumgil statement answer 1");
        fields.text(self.site.as_str()).number(self.number).text(self.statement.as_str());
        fields.number(self.at.as_microsecond() as u64).number(self.audit_index);
        self.result.encode(&mut fields);
        fields.finish()
    }
}

impl StatementAnswer {
    /// The answer, if `key` signed it and it answers `statement`.
    ///
    /// # Errors
    /// [`TransferError::Custody`] when the signature does not fit, [`TransferError::Statement`] when it answers
    /// another statement.
    pub fn verify(
        &self,
        key: &VerifyingKey,
        statement: &StatementBody,
    ) -> Result<&AnswerBody, TransferError> {
        key.verify(&self.body.encode(), &self.signature)?;
        let (body, made) = (&self.body, statement);
        if body.site != made.site || body.number != made.number || body.statement != made.digest() {
            return Err(TransferError::Statement("the answer is to another statement"));
        }
        Ok(body)
    }
}
