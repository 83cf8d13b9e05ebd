//! The key ring: ring keys in their own database, one key for each subject under them.

use jiff::Timestamp;
use rand::CryptoRng;
use sumgil_custody::{ObjectKey, Place, RingKey, Secret, SubjectKey, Wrapped, Wraps};
use sumgil_model::{ObjectDigest, SubjectId};

use super::Keys;
use crate::{
    Error,
    store::keyring::{Keyring, SubjectKeyRow},
};

/// The opened key ring. No `Debug`: there is nothing here to print.
pub struct Ring {
    rings: Vec<(u32, RingKey)>,
    store: Keyring,
}

impl Ring {
    /// Adds the first ring key to an empty keyring.
    ///
    /// # Errors
    /// When there is one already, or the database fails.
    pub async fn create(store: &Keyring, keys: &Keys, now: Timestamp) -> Result<(), Error> {
        let wrapped = {
            let mut rng = rand::rng();
            keys.root.wrap(&RingKey::generate(&mut rng), &Place::ring(1), &mut rng)?
        };
        Ok(store.add_ring("1", wrapped.as_bytes(), now).await?)
    }

    /// Opens every ring key.
    ///
    /// # Errors
    /// When a ring key does not open under the root key, or there is none.
    pub async fn open(store: Keyring, keys: &Keys) -> Result<Self, Error> {
        let mut rings = Vec::new();
        for row in store.rings().await? {
            let version = row.id.parse().map_err(|_| Error::Key("ring key"))?;
            let wrapped = Wrapped::from_bytes(&row.wrapped)?;
            rings.push((version, keys.root.unwrap(&wrapped, &Place::ring(version))?));
        }
        if rings.is_empty() {
            return Err(Error::Key("ring key"));
        }
        Ok(Self { rings, store })
    }

    /// The key of `subject`; made when the subject is new.
    ///
    /// # Errors
    /// [`Error::Destroyed`] when it was destroyed at the subject's withdrawal.
    pub async fn subject_or_new(&self, subject: &SubjectId, now: Timestamp) -> Result<SubjectKey, Error> {
        if let Some(row) = self.store.subject(subject).await? {
            return self.unwrap(&row);
        }
        let (version, ring) = self.rings.last().ok_or(Error::Key("ring key"))?;
        let wrapped = new_subject(ring, &Place::subject(subject, *version), &mut rand::rng())?;
        self.unwrap(&self.store.add_subject(subject, &version.to_string(), wrapped.as_bytes(), now).await?)
    }

    /// The key of `subject`.
    ///
    /// # Errors
    /// [`Error::Destroyed`] when it was destroyed, [`Error::Key`] when there never was one.
    pub async fn subject(&self, subject: &SubjectId) -> Result<SubjectKey, Error> {
        self.unwrap(&self.store.subject(subject).await?.ok_or(Error::Key("subject key"))?)
    }

    fn unwrap(&self, row: &SubjectKeyRow) -> Result<SubjectKey, Error> {
        let wrapped = row.wrapped.as_deref().ok_or(Error::Destroyed)?;
        let version: u32 = row.ring.parse().map_err(|_| Error::Key("ring key"))?;
        let (_, ring) = self.rings.iter().find(|(v, _)| *v == version).ok_or(Error::Key("ring key"))?;
        Ok(ring.unwrap(&Wrapped::from_bytes(wrapped)?, &Place::subject(&row.subject, version))?)
    }
}

fn new_subject(
    ring: &RingKey,
    place: &Place,
    rng: &mut impl CryptoRng,
) -> Result<Wrapped<SubjectKey>, Error> {
    Ok(ring.wrap(&SubjectKey::generate(rng), place, rng)?)
}

/// The key of an object, from the form that its row keeps.
///
/// # Errors
/// When it does not open for this object under this subject's key.
pub fn object_key(subject: &SubjectKey, digest: &ObjectDigest, wrapped: &[u8]) -> Result<ObjectKey, Error> {
    Ok(subject.unwrap(&Wrapped::from_bytes(wrapped)?, &Place::object(digest))?)
}
