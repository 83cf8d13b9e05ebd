//! How an object key travels: encrypted by HPKE (RFC 9180, base mode) to the registry's receiving key.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::AesGcm256, kdf::HkdfSha256,
    kem::X25519HkdfSha256,
};
use rand::CryptoRng;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::{
    context::ObjectContext,
    error::CustodyError,
    keys::{ObjectKey, Place, SubjectKey, Wrapped, Wraps},
    secret::{Secret, secret},
    sha256,
};

const INFO: &[u8] = b"sumgil object key for the centre 1";

secret!(
    /// The registry's private receiving key (X25519). Destroyed once every spool that used it has drained.
    ReceivingKey, "receiving"
);

/// The first 8 bytes of a public key's SHA-256: which receiving key was meant.
pub type KeyId = [u8; 8];

/// The public half, given to every edge at enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivingPublicKey([u8; 32]);

impl ReceivingKey {
    /// The public half.
    ///
    /// # Errors
    /// [`CustodyError::Library`] when the bytes are no key.
    pub fn public(&self) -> Result<ReceivingPublicKey, CustodyError> {
        Ok(ReceivingPublicKey(X25519HkdfSha256::sk_to_pk(&self.private()?).to_bytes().into()))
    }

    /// Opens a key that was wrapped for this receiving key and `context`.
    ///
    /// # Errors
    /// [`CustodyError::Unwrap`] with another receiving key, another context, or altered bytes.
    pub fn unwrap(
        &self,
        wrapped: &WrappedForCentre,
        context: &ObjectContext,
    ) -> Result<ObjectKey, CustodyError> {
        if self.public()?.id() != wrapped.key_id() {
            return Err(CustodyError::Unwrap);
        }
        let encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&wrapped.0[9..41])
            .map_err(|_| CustodyError::Unwrap)?;
        let plain = hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &self.private()?,
            &encapsulated,
            INFO,
            &wrapped.0[41..],
            &context.encode(),
        )
        .map(Zeroizing::new)
        .map_err(|_| CustodyError::Unwrap)?;
        let key = Zeroizing::new(<[u8; 32]>::try_from(plain.as_slice()).map_err(|_| CustodyError::Unwrap)?);
        Ok(ObjectKey::from_bytes(*key))
    }

    fn private(&self) -> Result<<X25519HkdfSha256 as Kem>::PrivateKey, CustodyError> {
        <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(self.expose()).map_err(|_| CustodyError::Library)
    }
}

impl ReceivingPublicKey {
    /// Which key it is.
    pub fn id(&self) -> KeyId {
        let [a, b, c, d, e, f, g, h, ..] = sha256(&self.0);
        [a, b, c, d, e, f, g, h]
    }

    /// Wraps an object key for the centre, bound to the object's context.
    ///
    /// # Errors
    /// [`CustodyError::Library`] when this is no usable public key.
    pub fn wrap(
        &self,
        key: &ObjectKey,
        context: &ObjectContext,
        rng: &mut impl CryptoRng,
    ) -> Result<WrappedForCentre, CustodyError> {
        let public =
            <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&self.0).map_err(|_| CustodyError::Library)?;
        let (encapsulated, sealed) = hpke::single_shot_seal::<AesGcm256, HkdfSha256, X25519HkdfSha256, _>(
            &OpModeS::Base,
            &public,
            INFO,
            key.expose(),
            &context.encode(),
            rng,
        )
        .map_err(|_| CustodyError::Library)?;
        let mut bytes = vec![FORM];
        bytes.extend_from_slice(&self.id());
        bytes.extend_from_slice(&encapsulated.to_bytes());
        bytes.extend_from_slice(&sealed);
        WrappedForCentre::from_bytes(&bytes)
    }
}

/// An object key on its way to the centre: 89 bytes. The centre rewraps it and keeps no copy of this form,
/// because it would be a second door to the object.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedForCentre([u8; WRAPPED]);

/// Form (1), key id (8), encapsulated key (32), encrypted key (32), tag (16).
const WRAPPED: usize = 1 + 8 + 32 + 32 + 16;
const FORM: u8 = 1;

impl WrappedForCentre {
    /// Which receiving key it is for.
    pub fn key_id(&self) -> KeyId {
        let mut id = [0; 8];
        id.copy_from_slice(&self.0[1..9]);
        id
    }

    /// The 89 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Reads the 89 bytes.
    ///
    /// # Errors
    /// [`CustodyError::Text`] when the length or the form is another.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CustodyError> {
        match <[u8; WRAPPED]>::try_from(bytes) {
            Ok(bytes) if bytes[0] == FORM => Ok(Self(bytes)),
            _ => Err(CustodyError::Text("key wrapped for the centre")),
        }
    }
}

impl std::fmt::Debug for WrappedForCentre {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WrappedForCentre(..)")
    }
}

/// The one thing the centre does with an arriving key: open it, and wrap it under the subject's key. The
/// object key itself is returned too, for the check of the arriving object.
///
/// # Errors
/// As [`ReceivingKey::unwrap`] and [`Wraps::wrap`].
pub fn rewrap(
    receiving: &ReceivingKey,
    wrapped: &WrappedForCentre,
    context: &ObjectContext,
    subject_key: &SubjectKey,
    place: &Place,
    rng: &mut impl CryptoRng,
) -> Result<(Wrapped<ObjectKey>, ObjectKey), CustodyError> {
    let key = receiving.unwrap(wrapped, context)?;
    Ok((subject_key.wrap(&key, place, rng)?, key))
}

macro_rules! base64_serde {
    ($name:ident, $read:expr) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&URL_SAFE_NO_PAD.encode(self.0))
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                let bytes = URL_SAFE_NO_PAD.decode(text).map_err(serde::de::Error::custom)?;
                let read: fn(&[u8]) -> Result<Self, CustodyError> = $read;
                read(&bytes).map_err(serde::de::Error::custom)
            }
        }
    };
}
base64_serde!(WrappedForCentre, WrappedForCentre::from_bytes);
base64_serde!(ReceivingPublicKey, |bytes| {
    <[u8; 32]>::try_from(bytes).map(ReceivingPublicKey).map_err(|_| CustodyError::Text("receiving key"))
});
