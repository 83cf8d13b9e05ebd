//! The edge's keys: pseudonym key, local key, signing key. Each in a file of its own, mode 0600.

use std::{fs, sync::Arc};

use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use sumgil_custody::{LocalKey, Secret, SigningKey};
use sumgil_deid::PseudonymKey;
use zeroize::{Zeroize, Zeroizing};

use crate::{EdgeError, Home, write_private};

const PSEUDONYM: &str = "pseudonym.key";
const LOCAL: &str = "local.key";
const SIGNING: &str = "signing.key";

/// The keys in memory. No `Debug`.
#[derive(Clone)]
pub struct Secrets {
    /// Makes pseudonyms, new UIDs and date shifts. Never leaves the hospital.
    pub pseudonym: PseudonymKey,
    /// Encrypts what rests here.
    pub local: Arc<LocalKey>,
    /// Signs manifests.
    pub signing: SigningKey,
}

/// The keys as text, for their files and the backup. Wiped when dropped.
#[derive(Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
#[serde(deny_unknown_fields)]
pub struct SecretTexts {
    /// 64 hex digits.
    pub pseudonym: String,
    /// Text form of the local key.
    pub local: String,
    /// Text form of the signing key.
    pub signing: String,
}

impl SecretTexts {
    /// New random keys.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut pseudonym = Zeroizing::new([0; 32]);
        rng.fill_bytes(pseudonym.as_mut());
        Self {
            pseudonym: hex::encode(pseudonym.as_slice()),
            local: LocalKey::generate(rng).to_text().to_string(),
            signing: SigningKey::generate(rng).to_text().to_string(),
        }
    }

    /// Reads the files of `home`.
    ///
    /// # Errors
    /// [`EdgeError::Secret`] names the missing one.
    pub fn load(home: &Home) -> Result<Self, EdgeError> {
        let read = |name| fs::read_to_string(home.secret(name)).map_err(|_| EdgeError::Secret(name));
        Ok(Self { pseudonym: read(PSEUDONYM)?, local: read(LOCAL)?, signing: read(SIGNING)? })
    }

    /// Writes the files of `home`.
    ///
    /// # Errors
    /// [`EdgeError::Io`].
    pub fn store(&self, home: &Home) -> Result<(), EdgeError> {
        for (name, text) in [(PSEUDONYM, &self.pseudonym), (LOCAL, &self.local), (SIGNING, &self.signing)] {
            write_private(&home.secret(name), text.as_bytes())?;
        }
        Ok(())
    }

    /// The keys themselves.
    ///
    /// # Errors
    /// [`EdgeError::Secret`] names the malformed one.
    pub fn parse(&self) -> Result<Secrets, EdgeError> {
        Ok(Secrets {
            pseudonym: PseudonymKey::from_hex(self.pseudonym.trim())
                .map_err(|_| EdgeError::Secret(PSEUDONYM))?,
            local: Arc::new(LocalKey::from_text(&self.local).map_err(|_| EdgeError::Secret(LOCAL))?),
            signing: SigningKey::from_text(&self.signing).map_err(|_| EdgeError::Secret(SIGNING))?,
        })
    }
}

impl Secrets {
    /// The keys of `home`.
    ///
    /// # Errors
    /// [`EdgeError::Secret`].
    pub fn load(home: &Home) -> Result<Self, EdgeError> {
        SecretTexts::load(home)?.parse()
    }
}
