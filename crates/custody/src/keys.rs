//! The centre's key hierarchy: root, ring, subject, object. Each wraps the next, bound to its place.

use std::marker::PhantomData;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::CryptoRng;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sumgil_model::{ObjectDigest, SubjectId};
use zeroize::Zeroizing;

use crate::{
    canonical::Canonical,
    error::CustodyError,
    local::LocalKey,
    receiving::ReceivingKey,
    secret::{Secret, secret},
    signing::SigningKey,
};

secret!(
    /// The top of the hierarchy, in memory only while the registry is unsealed. Wraps ring keys and the
    /// registry's own private keys.
    RootKey, "root"
);
secret!(
    /// A version of the key ring. The newest wraps subject keys; older ones only unwrap.
    RingKey, "ring"
);
secret!(
    /// One subject's key. Deleting it shreds every object of the subject.
    SubjectKey, "subject"
);
secret!(
    /// One object's key.
    ObjectKey, "object"
);

/// Where a wrapped key is kept: table, row, and the version of the key that wraps it. A wrap opens only there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    table: String,
    row: String,
    version: u32,
}

impl Place {
    /// A place of the caller's own.
    pub fn new(table: &str, row: &str, version: u32) -> Self {
        Self { table: table.to_owned(), row: row.to_owned(), version }
    }

    /// Version `version` of the key ring.
    pub fn ring(version: u32) -> Self {
        Self::new("ring_key", &version.to_string(), version)
    }

    /// The key of `subject`, wrapped by ring version `ring_version`.
    pub fn subject(subject: &SubjectId, ring_version: u32) -> Self {
        Self::new("subject_key", subject.as_str(), ring_version)
    }

    /// The key of `object`, wrapped by its subject's key.
    pub fn object(object: &ObjectDigest) -> Self {
        Self::new("object_key", object.as_str(), 1)
    }

    fn encode(&self, kind: &str) -> Vec<u8> {
        Canonical::new("sumgil wrap 1")
            .text(kind)
            .text(&self.table)
            .text(&self.row)
            .number(u64::from(self.version))
            .finish()
    }
}

/// A key of type `K`, wrapped by another. Safe to store; opens only at its place.
pub struct Wrapped<K> {
    bytes: [u8; WRAPPED],
    of: PhantomData<fn() -> K>,
}

/// Form (1), nonce (12), encrypted key (32), tag (16).
const WRAPPED: usize = 1 + NONCE_LEN + 32 + 16;
const FORM: u8 = 1;

impl<K> Wrapped<K> {
    /// The bytes to store: 61.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A wrapped key as it was stored.
    ///
    /// # Errors
    /// [`CustodyError::Text`] when it has another length or form.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CustodyError> {
        match <[u8; WRAPPED]>::try_from(bytes) {
            Ok(bytes) if bytes[0] == FORM => Ok(Self { bytes, of: PhantomData }),
            _ => Err(CustodyError::Text("wrapped key")),
        }
    }
}

impl<K> Clone for Wrapped<K> {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes, of: PhantomData }
    }
}

impl<K> PartialEq for Wrapped<K> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl<K> std::fmt::Debug for Wrapped<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wrapped(..)")
    }
}

impl<K> Serialize for Wrapped<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(self.bytes))
    }
}

impl<'de, K> Deserialize<'de> for Wrapped<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(serde::de::Error::custom)?;
        Self::from_bytes(&bytes).map_err(serde::de::Error::custom)
    }
}

/// A key that wraps keys of type `K`: which wraps which is a matter of types.
pub trait Wraps<K: Secret>: Secret {
    /// Wraps `key` for `place`.
    ///
    /// # Errors
    /// [`CustodyError::Library`] when the cipher refuses.
    fn wrap(&self, key: &K, place: &Place, rng: &mut impl CryptoRng) -> Result<Wrapped<K>, CustodyError> {
        let mut bytes = [0; WRAPPED];
        bytes[0] = FORM;
        rng.fill_bytes(&mut bytes[1..=NONCE_LEN]);
        let nonce = nonce_of(&bytes)?;
        let (sealed, tag_place) = bytes[1 + NONCE_LEN..].split_at_mut(32);
        sealed.copy_from_slice(key.expose());
        let tag = wrapping(self.expose())?
            .seal_in_place_separate_tag(nonce, Aad::from(place.encode(K::KIND)), sealed)
            .map_err(|_| CustodyError::Library)?;
        tag_place.copy_from_slice(tag.as_ref());
        Ok(Wrapped { bytes, of: PhantomData })
    }

    /// Unwraps a key kept at `place`.
    ///
    /// # Errors
    /// [`CustodyError::Unwrap`] with the wrong key, another place, or altered bytes.
    fn unwrap(&self, wrapped: &Wrapped<K>, place: &Place) -> Result<K, CustodyError> {
        let mut body = Zeroizing::new([0u8; 48]);
        body.copy_from_slice(&wrapped.bytes[1 + NONCE_LEN..]);
        let plain = wrapping(self.expose())?
            .open_in_place(nonce_of(&wrapped.bytes)?, Aad::from(place.encode(K::KIND)), body.as_mut())
            .map_err(|_| CustodyError::Unwrap)?;
        let key = Zeroizing::new(<[u8; 32]>::try_from(&*plain).map_err(|_| CustodyError::Unwrap)?);
        Ok(K::from_bytes(*key))
    }
}

/// Wraps a key anew for a newer wrapping key: how the ring is rotated. No object is touched.
///
/// # Errors
/// As [`Wraps::unwrap`] and [`Wraps::wrap`].
pub fn rotate<K: Secret>(
    wrapped: &Wrapped<K>,
    from: (&impl Wraps<K>, &Place),
    to: (&impl Wraps<K>, &Place),
    rng: &mut impl CryptoRng,
) -> Result<Wrapped<K>, CustodyError> {
    to.0.wrap(&from.0.unwrap(wrapped, from.1)?, to.1, rng)
}

impl Wraps<RingKey> for RootKey {}
impl Wraps<ReceivingKey> for RootKey {}
impl Wraps<SigningKey> for RootKey {}
impl Wraps<LocalKey> for RootKey {}
impl Wraps<SubjectKey> for RingKey {}
impl Wraps<ObjectKey> for SubjectKey {}

fn wrapping(key: &[u8; 32]) -> Result<LessSafeKey, CustodyError> {
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new).map_err(|_| CustodyError::Library)
}

fn nonce_of(bytes: &[u8; WRAPPED]) -> Result<Nonce, CustodyError> {
    Nonce::try_assume_unique_for_key(&bytes[1..=NONCE_LEN]).map_err(|_| CustodyError::Unwrap)
}
