//! Which cleared instances a person gets to see, and what is kept of them until then.

use std::collections::HashMap;

use rand::Rng;
use sumgil_dicom::pixels::Region;

use crate::{
    Edge, EdgeError,
    spool::{HeldInstance, LookUp, NewSample, Written, write_segment},
};

/// Picks samples: the first few of each device, and a share of all.
pub(super) struct Picker {
    first: u64,
    share: f64,
    seen: HashMap<LookUp, u64>,
}

impl Picker {
    /// For a batch of instances: what has been picked of their devices before.
    pub(super) async fn before(
        edge: &Edge,
        batch: impl Iterator<Item = &HeldInstance>,
    ) -> Result<Self, EdgeError> {
        let review = &edge.config.review;
        let (first, share) = (review.sample_first, review.sample_percent / 100.0);
        if first == 0 {
            return Ok(Self { first, share, seen: HashMap::new() });
        }
        let mut devices: Vec<&LookUp> = batch.map(|held| &held.device_key).collect();
        devices.sort();
        devices.dedup();
        Ok(Self { first, share, seen: edge.db.sampled(&devices).await? })
    }

    /// Whether this one is for a person to see. What a person has released was seen already.
    pub(super) fn picks(&mut self, held: &HeldInstance, rng: &mut impl Rng) -> bool {
        if held.released {
            return false;
        }
        let seen = self.seen.entry(held.device_key.clone()).or_default();
        let picked = *seen < self.first || rng.random_bool(self.share.clamp(0.0, 1.0));
        *seen += u64::from(picked);
        picked
    }
}

/// Keeps the encrypted originals, each in a file of its own, so that each can go by itself.
pub(super) fn keep_samples(
    edge: &Edge,
    sampled: Vec<(&HeldInstance, Vec<Region>)>,
) -> Result<(Vec<NewSample>, Vec<Written>), EdgeError> {
    let (mut samples, mut written) = (Vec::new(), Vec::new());
    for (held, regions) in sampled {
        let copy = edge.encrypted_copy(&held.location)?;
        let (locations, lock) = write_segment(edge.samples.dir(), &[&copy])?;
        written.push(lock);
        let Some(location) = locations.into_iter().next() else { continue };
        let device_key = held.device_key.clone();
        samples.push(NewSample { instance: held.id, device_key, regions, location });
    }
    Ok((samples, written))
}

/// Keeps the samples within their bounds.
pub(super) async fn drop_old_samples(edge: &Edge) -> Result<(), EdgeError> {
    let review = &edge.config.review;
    let bytes = review.keep_samples_mib.saturating_mul(1 << 20).min(i64::MAX as u64);
    let freed = edge.db.drop_samples_beyond(review.keep_samples.min(i64::MAX as u64), bytes).await?;
    edge.free(&freed).await
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use sumgil_custody::{LocalKey, Secret};
    use sumgil_deid::Overrule;

    use super::*;
    use crate::spool::{Db, Location};

    fn held(db: &Db, device: &str, released: bool) -> HeldInstance {
        let key = |text: &str| db.look_up("any", &[text]);
        HeldInstance {
            id: 1,
            sop_key: key("s"),
            content_key: key("c"),
            pixel_key: key("p"),
            patient_key: key("q"),
            device_key: key(device),
            overrule: Overrule::none(),
            released,
            location: Location { segment: String::new(), offset: 0, length: 0 },
        }
    }

    #[tokio::test]
    async fn the_first_of_each_device_then_a_share_and_never_what_a_person_released() {
        let dir = tempfile::tempdir().unwrap();
        let key = std::sync::Arc::new(LocalKey::from_bytes([1; 32]));
        let db = Db::open(&dir.path().join("edge.db"), key).await.unwrap();
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(7);
        let mut picker = Picker { first: 3, share: 0.02, seen: HashMap::new() };
        assert!(!picker.picks(&held(&db, "a", true), &mut rng));
        for device in ["a", "b"] {
            assert!((0..3).all(|_| picker.picks(&held(&db, device, false), &mut rng)), "{device}");
        }
        let more = (0..5000).filter(|_| picker.picks(&held(&db, "a", false), &mut rng)).count();
        assert!((60..150).contains(&more), "{more} of 5000 at 2 %");
        let mut none = Picker { first: 0, share: 0.0, seen: HashMap::new() };
        assert!((0..100).all(|_| !none.picks(&held(&db, "a", false), &mut rng)));
    }
}
