//! Bearer credentials: enrolment secrets, site credentials and users' tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{error::CustodyError, sha256};

/// A random 256-bit bearer secret. The registry keeps only its [`CredentialDigest`]. No `Debug`, no `Display`;
/// messages that carry one call [`Credential::reveal`].
#[derive(Clone)]
pub struct Credential(Zeroizing<[u8; 32]>);

impl Credential {
    /// A new one.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(bytes.as_mut());
        Self(bytes)
    }

    /// The credential made of these 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The 32 bytes.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The text for the `Authorization: Bearer` header: 43 characters of base64url.
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// [`CustodyError::Text`] when it is none.
    pub fn from_text(text: &str) -> Result<Self, CustodyError> {
        let bytes = Zeroizing::new(
            URL_SAFE_NO_PAD.decode(text.trim()).map_err(|_| CustodyError::Text("credential"))?,
        );
        let bytes = bytes.as_slice().try_into().map_err(|_| CustodyError::Text("credential"))?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// What the registry keeps and looks it up by.
    pub fn digest(&self) -> CredentialDigest {
        CredentialDigest(hex::encode(sha256(self.0.as_slice())))
    }

    /// Whether `digest` is of this credential. Digests are compared, so the time taken says nothing about
    /// the secret.
    pub fn fits(&self, digest: &CredentialDigest) -> bool {
        self.digest() == *digest
    }
}

/// SHA-256 of a credential, in hex. Enough for a 256-bit random secret: there is nothing to guess.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CredentialDigest(String);

impl CredentialDigest {
    /// The digest as stored: 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A digest as it was stored.
    pub fn from_stored(text: &str) -> Self {
        Self(text.to_owned())
    }
}
