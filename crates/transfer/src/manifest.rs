//! What the edge says about an object before it sends it.

use serde::{Deserialize, Serialize};
use sumgil_custody::{
    ObjectContext, Sealed, Signature, SigningKey, VerifyingKey, WrappedForCentre, plain_size,
};
use sumgil_model::{ObjectDigest, ProtocolId};

use crate::error::TransferError;

/// What is signed in a [`Manifest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestBody {
    /// The object: the SHA-256 of its sealed bytes.
    pub digest: ObjectDigest,
    /// The size of the sealed bytes.
    pub size_bytes: u64,
    /// What the object is bound to; site, subject, uid, kind and profile version.
    pub context: ObjectContext,
    /// The research protocol that the subject is enrolled in.
    pub protocol: ProtocolId,
    /// The site's own number for the object, counted from 1 without a gap.
    pub sequence: u64,
    /// The object's key, encrypted to the registry's receiving key. The centre rewraps it and keeps no copy.
    pub wrapped_key: WrappedForCentre,
}

/// A manifest with the site's signature: the site answers for every object it sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What is signed.
    #[serde(flatten)]
    pub body: ManifestBody,
    /// The site's signature over [`ManifestBody::encode`].
    pub signature: Signature,
}

impl ManifestBody {
    /// The body for a sealed object.
    pub fn of<T>(
        sealed: &Sealed<T>,
        protocol: ProtocolId,
        sequence: u64,
        wrapped_key: WrappedForCentre,
    ) -> Self {
        Self {
            digest: sealed.digest().clone(),
            size_bytes: sealed.bytes().len() as u64,
            context: sealed.context().clone(),
            protocol,
            sequence,
            wrapped_key,
        }
    }

    /// Signs it with the site's key.
    ///
    /// # Errors
    /// [`TransferError::Custody`] when the key is refused.
    pub fn sign(self, key: &SigningKey) -> Result<Manifest, TransferError> {
        let signature = key.sign(&self.encode())?;
        Ok(Manifest { body: self, signature })
    }

    /// The bytes that are signed: the label `sumgil manifest 1` and the fields in their order, each preceded by
    /// its length as 32 bits big endian; numbers as 64 bits big endian.
    pub fn encode(&self) -> Vec<u8> {
        let context = &self.context;
        let (size, sequence) = (self.size_bytes.to_be_bytes(), self.sequence.to_be_bytes());
        let fields: [&[u8]; 11] = [
            b"sumgil manifest 1",
            self.digest.as_str().as_bytes(),
            &size,
            context.site.as_str().as_bytes(),
            context.subject.as_str().as_bytes(),
            context.uid.as_bytes(),
            context.kind.as_str().as_bytes(),
            context.profile.as_bytes(),
            self.protocol.as_str().as_bytes(),
            &sequence,
            self.wrapped_key.as_bytes(),
        ];
        let mut out = Vec::with_capacity(512);
        for field in fields {
            out.extend_from_slice(&(field.len() as u32).to_be_bytes());
            out.extend_from_slice(field);
        }
        out
    }
}

impl Manifest {
    /// Checks signature, texts and size; the receiver's first step with every manifest.
    ///
    /// # Errors
    /// [`TransferError::Manifest`] says what is not in order.
    pub fn verify(&self, site_key: &VerifyingKey) -> Result<&ManifestBody, TransferError> {
        site_key
            .verify(&self.body.encode(), &self.signature)
            .map_err(|_| TransferError::Manifest("the site's signature does not fit"))?;
        if !self.body.context.is_well_formed() {
            return Err(TransferError::Manifest("uid or profile is empty, too long or not printable"));
        }
        plain_size(self.body.size_bytes)
            .map_err(|_| TransferError::Manifest("no sealed object has this size"))?;
        Ok(&self.body)
    }
}
