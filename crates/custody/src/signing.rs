//! Ed25519 signatures: receipts, manifests and audit checkpoints.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    error::CustodyError,
    secret::{Secret, secret},
};

secret!(
    /// A private signing key (the Ed25519 seed).
    SigningKey, "signing"
);

/// The public half of a [`SigningKey`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VerifyingKey([u8; 32]);

/// An Ed25519 signature.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl SigningKey {
    /// The public half.
    ///
    /// # Errors
    /// [`CustodyError::Library`] when the seed is refused.
    pub fn verifying_key(&self) -> Result<VerifyingKey, CustodyError> {
        VerifyingKey::from_bytes(self.pair()?.public_key().as_ref())
    }

    /// Signs `message`. Callers of this crate sign canonical encodings with a label of their own.
    ///
    /// # Errors
    /// [`CustodyError::Library`] when the seed is refused.
    pub fn sign(&self, message: &[u8]) -> Result<Signature, CustodyError> {
        Signature::from_bytes(self.pair()?.sign(message).as_ref())
    }

    fn pair(&self) -> Result<Ed25519KeyPair, CustodyError> {
        Ed25519KeyPair::from_seed_unchecked(self.expose()).map_err(|_| CustodyError::Library)
    }
}

impl VerifyingKey {
    /// Reads 32 bytes.
    ///
    /// # Errors
    /// [`CustodyError::Text`] with another length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CustodyError> {
        bytes.try_into().map(Self).map_err(|_| CustodyError::Text("verifying key"))
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Checks a signature.
    ///
    /// # Errors
    /// [`CustodyError::Signature`] when it does not fit.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), CustodyError> {
        UnparsedPublicKey::new(&ED25519, &self.0)
            .verify(message, &signature.0)
            .map_err(|_| CustodyError::Signature)
    }
}

impl Signature {
    /// Reads 64 bytes.
    ///
    /// # Errors
    /// [`CustodyError::Text`] with another length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CustodyError> {
        bytes.try_into().map(Self).map_err(|_| CustodyError::Text("signature"))
    }

    /// The 64 bytes.
    pub fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signature({}..)", hex::encode(&self.0[..4]))
    }
}

macro_rules! base64_serde {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&URL_SAFE_NO_PAD.encode(self.0))
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                let bytes = URL_SAFE_NO_PAD.decode(text).map_err(serde::de::Error::custom)?;
                Self::from_bytes(&bytes).map_err(serde::de::Error::custom)
            }
        }
    };
}
base64_serde!(VerifyingKey);
base64_serde!(Signature);
