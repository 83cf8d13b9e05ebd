//! The keys that lie in `secrets/`.

use std::{fs, path::PathBuf};

use rand::CryptoRng;
use sumgil_custody::{LocalKey, Place, ReceivingKey, RootKey, Secret, SigningKey, Wrapped, Wraps};

use crate::{DataDir, Error, layout};

/// The keys that every running registry holds. No `Debug`: there is nothing here to print.
pub struct Keys {
    pub(super) root: RootKey,
    /// Opens what edges wrapped for the centre.
    pub receiving: ReceivingKey,
    /// Signs receipts.
    pub signing: SigningKey,
    /// Makes keyed fingerprints of contents, which tell a resent object from a new version.
    pub fingerprint: LocalKey,
}

const RECEIVING: &str = "receiving.key";
const SIGNING: &str = "signing.key";
const FINGERPRINT: &str = "fingerprint.key";

impl Keys {
    /// Makes every key and writes `secrets/`.
    ///
    /// # Errors
    /// When a file exists already or cannot be written.
    pub fn create(dir: &DataDir, rng: &mut impl CryptoRng) -> Result<Self, Error> {
        let keys = Self {
            root: RootKey::generate(rng),
            receiving: ReceivingKey::generate(rng),
            signing: SigningKey::generate(rng),
            fingerprint: LocalKey::generate(rng),
        };
        let write = |name: &str, text: &str| {
            layout::write_new(&dir.secrets().join(name), format!("{text}\n").as_bytes())
                .map_err(|source| Error::File { what: "writing a key to secrets", source })
        };
        write("root.key", &keys.root.to_text())?;
        write(RECEIVING, &hex::encode(keys.root.wrap(&keys.receiving, &place(RECEIVING), rng)?.as_bytes()))?;
        write(SIGNING, &hex::encode(keys.root.wrap(&keys.signing, &place(SIGNING), rng)?.as_bytes()))?;
        write(
            FINGERPRINT,
            &hex::encode(keys.root.wrap(&keys.fingerprint, &place(FINGERPRINT), rng)?.as_bytes()),
        )?;
        layout::sync_dir(&dir.secrets())
            .map_err(|source| Error::File { what: "the directory secrets", source })?;
        Ok(keys)
    }

    /// Reads `secrets/`.
    ///
    /// # Errors
    /// When a file is absent, altered, or was made under another root key.
    pub fn load(dir: &DataDir) -> Result<Self, Error> {
        let root = RootKey::from_text(&read(dir.secrets().join("root.key"))?)?;
        Ok(Self {
            receiving: root.unwrap(&Wrapped::from_bytes(&unhex(dir, RECEIVING)?)?, &place(RECEIVING))?,
            signing: root.unwrap(&Wrapped::from_bytes(&unhex(dir, SIGNING)?)?, &place(SIGNING))?,
            fingerprint: root
                .unwrap(&Wrapped::from_bytes(&unhex(dir, FINGERPRINT)?)?, &place(FINGERPRINT))?,
            root,
        })
    }
}

fn place(name: &str) -> Place {
    Place::new("secrets", name, 1)
}

fn read(path: PathBuf) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::File { what: "a key in secrets", source })
}

fn unhex(dir: &DataDir, name: &'static str) -> Result<Vec<u8>, Error> {
    hex::decode(read(dir.secrets().join(name))?.trim()).map_err(|_| Error::Key(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_only_under_their_own_root() {
        let temp = tempfile::tempdir().unwrap();
        let (one, two) = (DataDir::new(temp.path().join("1")), DataDir::new(temp.path().join("2")));
        let made: Vec<_> = [&one, &two]
            .map(|dir| {
                dir.create().unwrap();
                Keys::create(dir, &mut rand::rng()).unwrap()
            })
            .into();
        let loaded = Keys::load(&one).unwrap();
        assert_eq!(loaded.receiving.public().unwrap(), made[0].receiving.public().unwrap());
        assert_eq!(loaded.signing.verifying_key().unwrap(), made[0].signing.verifying_key().unwrap());
        assert_eq!(loaded.fingerprint.expose(), made[0].fingerprint.expose());
        fs::copy(two.secrets().join("root.key"), one.secrets().join("root.key")).unwrap();
        assert!(Keys::load(&one).is_err());
    }
}
