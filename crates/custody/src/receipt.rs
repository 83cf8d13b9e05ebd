//! Receipts: signed proof that the centre holds an object durably.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sumgil_model::{ObjectDigest, SiteId};

use crate::{
    canonical::Canonical,
    error::CustodyError,
    signing::{Signature, SigningKey, VerifyingKey},
};

/// What the centre says it holds. Signed only after the object and its directory were fsynced and the rows
/// committed, in that order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The object.
    pub digest: ObjectDigest,
    /// The site that sent it.
    pub site: SiteId,
    /// The sequence number that the site gave it.
    pub sequence: u64,
    /// When the rows were committed, to the microsecond.
    pub at: Timestamp,
    /// The sequence number of the audit event that was committed with it.
    pub audit_index: u64,
    /// True when it is kept apart as another version of an object already held, until a person decides.
    pub quarantined: bool,
}

impl Receipt {
    /// Signs it.
    ///
    /// # Errors
    /// [`CustodyError::Library`] when the key is refused.
    pub fn sign(self, key: &SigningKey) -> Result<SignedReceipt, CustodyError> {
        let signature = key.sign(&self.encode())?;
        Ok(SignedReceipt { receipt: self, signature })
    }

    fn encode(&self) -> Vec<u8> {
        Canonical::new("sumgil receipt 1")
            .text(self.digest.as_str())
            .text(self.site.as_str())
            .number(self.sequence)
            .number(self.at.as_microsecond() as u64)
            .number(self.audit_index)
            .number(u64::from(self.quarantined))
            .finish()
    }
}

/// A receipt with the registry's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedReceipt {
    /// What is signed.
    pub receipt: Receipt,
    /// The registry's signature over its canonical encoding.
    pub signature: Signature,
}

impl SignedReceipt {
    /// The receipt, if `key` signed it.
    ///
    /// # Errors
    /// [`CustodyError::Signature`] otherwise.
    pub fn verify(&self, key: &VerifyingKey) -> Result<&Receipt, CustodyError> {
        key.verify(&self.receipt.encode(), &self.signature)?;
        Ok(&self.receipt)
    }
}
