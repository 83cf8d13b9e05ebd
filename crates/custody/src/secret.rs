//! What all 256-bit secrets have in common: made from randomness, wiped when dropped, never printed, and a
//! text form for secret files that tells one kind of key from another and notices a typing error.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::{error::CustodyError, sha256};

/// A 256-bit secret of a kind of its own.
pub trait Secret: Sized {
    /// The kind, in the secret's text form: `ring`, `spool` ...
    const KIND: &'static str;

    /// The secret made of these 32 bytes.
    fn from_bytes(bytes: [u8; 32]) -> Self;

    /// The 32 bytes. Keep them wrapped or encrypted wherever they rest.
    fn expose(&self) -> &[u8; 32];

    /// A new secret.
    fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(bytes.as_mut());
        Self::from_bytes(*bytes)
    }

    /// The text for a secret file: `sumgil-KIND-key-1:` and base64url of the bytes and a checksum.
    fn to_text(&self) -> Zeroizing<String> {
        let mut payload = Zeroizing::new(self.expose().to_vec());
        payload.extend_from_slice(&checksum(Self::KIND, self.expose()));
        Zeroizing::new(format!(
            "sumgil-{}-key-1:{}",
            Self::KIND,
            Zeroizing::new(URL_SAFE_NO_PAD.encode(payload.as_slice())).as_str()
        ))
    }

    /// Reads the text form; surrounding white space is ignored.
    ///
    /// # Errors
    /// [`CustodyError::Text`] when it is no key of this kind or was altered.
    fn from_text(text: &str) -> Result<Self, CustodyError> {
        let wrong = CustodyError::Text("key of this kind");
        let prefix = format!("sumgil-{}-key-1:", Self::KIND);
        let encoded = text.trim().strip_prefix(prefix.as_str()).ok_or_else(|| wrong.clone())?;
        let payload = Zeroizing::new(URL_SAFE_NO_PAD.decode(encoded).map_err(|_| wrong.clone())?);
        let (bytes, sum) = payload.split_at_checked(32).ok_or_else(|| wrong.clone())?;
        let bytes = Zeroizing::new(<[u8; 32]>::try_from(bytes).map_err(|_| wrong.clone())?);
        if sum == checksum(Self::KIND, &bytes) { Ok(Self::from_bytes(*bytes)) } else { Err(wrong) }
    }
}

/// Four bytes that notice a typing error.
fn checksum(kind: &str, bytes: &[u8; 32]) -> [u8; 4] {
    let mut input = Zeroizing::new(format!("sumgil {kind} key checksum").into_bytes());
    input.extend_from_slice(bytes);
    let [a, b, c, d, ..] = sha256(&input);
    [a, b, c, d]
}

/// Declares a secret: a type around 32 wiped bytes, without `Debug`, `Display` and `Serialize`.
macro_rules! secret {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(zeroize::Zeroizing<[u8; 32]>);

        impl $crate::secret::Secret for $name {
            const KIND: &'static str = $kind;

            fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(zeroize::Zeroizing::new(bytes))
            }

            fn expose(&self) -> &[u8; 32] {
                &self.0
            }
        }
    };
}
pub(crate) use secret;
