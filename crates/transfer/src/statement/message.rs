//! The statement as it travels: numbered, signed by the site.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sumgil_custody::{Signature, SigningKey, VerifyingKey, digest_of};
use sumgil_model::{ObjectDigest, SiteId};

use super::{content::Content, fields::Fields};
use crate::error::TransferError;

/// What is signed in a [`Statement`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementBody {
    /// Who states it.
    pub site: SiteId,
    /// The site's own number for it, never used twice: the same number again is the same statement, and is answered
    /// as before. It grows from one statement to the next.
    pub number: u64,
    /// When it was made, to the microsecond.
    pub made_at: Timestamp,
    /// What is stated.
    pub content: Content,
}

/// A statement with the site's signature: `POST /v1/statements`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// What is signed.
    #[serde(flatten)]
    pub body: StatementBody,
    /// The site's signature over [`StatementBody::encode`].
    pub signature: Signature,
}

impl StatementBody {
    /// Signs it with the site's key.
    ///
    /// # Errors
    /// [`TransferError::Statement`] when its own texts or numbers are not in order; [`TransferError::Custody`] when
    /// the key is refused.
    pub fn sign(self, key: &SigningKey) -> Result<Statement, TransferError> {
        if let Some(fault) = self.content.fault() {
            return Err(TransferError::Statement(fault));
        }
        let signature = key.sign(&self.encode())?;
        Ok(Statement { body: self, signature })
    }

    /// The bytes that are signed: the label `sumgil statement 1`, site, number, moment, kind and the kind's fields.
    pub fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new("sumgil statement 1");
        fields.text(self.site.as_str()).number(self.number).number(self.made_at.as_microsecond() as u64);
        self.content.encode(&mut fields);
        fields.finish()
    }

    /// The SHA-256 of [`StatementBody::encode`]: what the answer names.
    pub fn digest(&self) -> ObjectDigest {
        digest_of(&self.encode())
    }
}

impl Statement {
    /// Checks signature, texts and numbers; the receiver's first step.
    ///
    /// # Errors
    /// [`TransferError::Statement`] says what is not in order.
    pub fn verify(&self, site_key: &VerifyingKey) -> Result<&StatementBody, TransferError> {
        site_key
            .verify(&self.body.encode(), &self.signature)
            .map_err(|_| TransferError::Statement("the site's signature does not fit"))?;
        match self.body.content.fault() {
            Some(fault) => Err(TransferError::Statement(fault)),
            None => Ok(&self.body),
        }
    }
}
