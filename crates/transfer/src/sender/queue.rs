//! Every object that waits in the spool, in the order in which it may be touched.

use std::{
    collections::{BTreeSet, HashMap, hash_map::Entry},
    time::Duration,
};

use sumgil_model::ObjectDigest;

use super::item::{Item, Place, Stage, Tracked};

/// The waiting objects. Each is in one stage; those that may be offered or sent stand in line for it, first by the
/// moment from which they may be touched, then by their order of arrival.
#[derive(Default)]
pub(super) struct Queue {
    items: HashMap<ObjectDigest, Tracked>,
    ready: BTreeSet<Place>,
    sendable: BTreeSet<Place>,
}

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// Adds an object that is to be offered; one that is there already stays as it is.
    pub(super) fn add(&mut self, item: Item) {
        if let Entry::Vacant(vacant) = self.items.entry(item.digest.clone()) {
            let tracked = vacant.insert(Tracked::new(item));
            self.ready.insert(tracked.place());
        }
    }

    pub(super) fn remove(&mut self, digest: &ObjectDigest) {
        if let Some(tracked) = self.items.remove(digest) {
            self.ready.remove(&tracked.place());
            self.sendable.remove(&tracked.place());
        }
    }

    pub(super) fn get(&self, digest: &ObjectDigest) -> Option<&Tracked> {
        self.items.get(digest)
    }

    /// An item's marks may be changed, not its stage and moment.
    pub(super) fn get_mut(&mut self, digest: &ObjectDigest) -> Option<&mut Tracked> {
        self.items.get_mut(digest)
    }

    pub(super) fn stage(&self, digest: &ObjectDigest) -> Option<Stage> {
        self.items.get(digest).map(|tracked| tracked.stage)
    }

    /// Puts an item into `stage`, where the order of arrival holds.
    pub(super) fn put(&mut self, digest: &ObjectDigest, stage: Stage) {
        self.put_at(digest, stage, Duration::ZERO);
    }

    /// Puts an item into `stage`, not to be touched before `not_before`.
    pub(super) fn put_at(&mut self, digest: &ObjectDigest, stage: Stage, not_before: Duration) {
        let Some(tracked) = self.items.get_mut(digest) else { return };
        self.ready.remove(&tracked.place());
        self.sendable.remove(&tracked.place());
        tracked.stage = stage;
        tracked.not_before = not_before;
        match stage {
            Stage::Ready => self.ready.insert(tracked.place()),
            Stage::Sendable(_) => self.sendable.insert(tracked.place()),
            Stage::Offered(_) | Stage::Sending(..) => false,
        };
    }

    /// How many objects the registry wants and has not been sent.
    pub(super) fn sendable(&self) -> usize {
        self.sendable.len()
    }

    /// The next object to send from at `now`: from where, and how many bytes are left.
    pub(super) fn next_sendable(&self, now: Duration) -> Option<(ObjectDigest, u64, u64)> {
        let (not_before, _, digest) = self.sendable.first()?;
        let tracked = self.items.get(digest)?;
        match tracked.stage {
            Stage::Sendable(offset) if *not_before <= now => {
                Some((digest.clone(), offset, tracked.item.size_bytes - offset))
            }
            _ => None,
        }
    }

    /// The next objects to offer at `now`, at most so many.
    pub(super) fn next_ready(&self, now: Duration, most: usize) -> Vec<ObjectDigest> {
        self.ready
            .iter()
            .take_while(|(not_before, ..)| *not_before <= now)
            .take(most)
            .map(|(.., digest)| digest.clone())
            .collect()
    }

    /// The moments from which the first of each line may be touched.
    pub(super) fn moments(&self) -> impl Iterator<Item = Duration> {
        [self.ready.first(), self.sendable.first()].into_iter().flatten().map(|(not_before, ..)| *not_before)
    }
}
