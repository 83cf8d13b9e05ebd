//! Signed checkpoints: the size and root of the log at a moment, in the text form of the C2SP
//! `tlog-checkpoint` (origin, size, root in base64, one per line) under an Ed25519 signature.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::merkle::Hash;
use crate::{
    error::CustodyError,
    signing::{Signature, SigningKey, VerifyingKey},
};

/// The log's size and root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: the registry's own name, one line.
    pub origin: String,
    /// Number of lines.
    pub size: u64,
    /// Merkle root over them.
    pub root: Hash,
}

/// A checkpoint with the registry's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedCheckpoint {
    /// The text that is signed.
    pub text: String,
    /// The signature over it.
    pub signature: Signature,
}

impl Checkpoint {
    /// The text form, each of its three lines ended by a line feed.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// [`CustodyError::Text`] when it is none.
    pub fn from_text(text: &str) -> Result<Self, CustodyError> {
        let wrong = || CustodyError::Text("checkpoint");
        let mut lines = text.lines();
        let (origin, size, root) = match (lines.next(), lines.next(), lines.next(), lines.next()) {
            (Some(origin), Some(size), Some(root), None) => (origin, size, root),
            _ => return Err(wrong()),
        };
        let checkpoint = Self {
            origin: origin.to_owned(),
            size: size.parse().map_err(|_| wrong())?,
            root: STANDARD.decode(root).ok().and_then(|r| r.try_into().ok()).ok_or_else(wrong)?,
        };
        if checkpoint.to_text() == text { Ok(checkpoint) } else { Err(wrong()) }
    }

    /// Signs it.
    ///
    /// # Errors
    /// [`CustodyError::Text`] when the origin has line feeds, [`CustodyError::Library`] when the key is refused.
    pub fn sign(&self, key: &SigningKey) -> Result<SignedCheckpoint, CustodyError> {
        let text = self.to_text();
        Self::from_text(&text)?;
        Ok(SignedCheckpoint { signature: key.sign(text.as_bytes())?, text })
    }
}

impl SignedCheckpoint {
    /// The checkpoint, if `key` signed it.
    ///
    /// # Errors
    /// [`CustodyError::Signature`] or [`CustodyError::Text`] otherwise.
    pub fn verify(&self, key: &VerifyingKey) -> Result<Checkpoint, CustodyError> {
        key.verify(self.text.as_bytes(), &self.signature)?;
        Checkpoint::from_text(&self.text)
    }
}
