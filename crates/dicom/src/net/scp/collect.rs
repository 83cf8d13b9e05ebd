//! Collects a data set as its fragments come, already in the form of a Part 10 file, within a shared byte budget.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use sumgil_model::{SopClass, TransferSyntax, Uid};

/// First room for a data set, in bytes; later ones on an association start with the size of the one before.
const FIRST_ROOM: usize = 64 * 1024;
const MOST_ROOM: usize = 64 * 1024 * 1024;

/// Bytes that all associations of a listener may hold at once.
#[derive(Clone)]
pub(crate) struct Budget {
    used: Arc<AtomicU64>,
    limit: u64,
}

/// A share of the [`Budget`], given back when dropped.
pub(crate) struct Share {
    budget: Budget,
    bytes: u64,
}

impl Budget {
    pub(crate) fn new(limit: u64) -> Self {
        Self { used: Arc::default(), limit }
    }

    fn share(&self) -> Share {
        Share { budget: self.clone(), bytes: 0 }
    }
}

impl Share {
    fn grow(&mut self, bytes: u64) -> bool {
        let before = self.budget.used.fetch_add(bytes, Ordering::Relaxed);
        self.bytes += bytes;
        before + bytes <= self.budget.limit
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// A Part 10 file in the making.
pub(crate) struct Collector {
    pub(crate) sop_class: Uid<SopClass>,
    pub(crate) sop_instance: String,
    pub(crate) transfer_syntax: Uid<TransferSyntax>,
    file: Vec<u8>,
    data_set_at: usize,
    limit: u64,
    share: Share,
}

impl Collector {
    pub(crate) fn new(
        sop_class: Uid<SopClass>,
        sop_instance: String,
        transfer_syntax: Uid<TransferSyntax>,
        limit: u64,
        budget: &Budget,
    ) -> Self {
        let file = crate::wrap_as_part10(&[], &transfer_syntax, &sop_class, &sop_instance);
        let data_set_at = file.len();
        Self { sop_class, sop_instance, transfer_syntax, file, data_set_at, limit, share: budget.share() }
    }

    /// Makes room for a data set about as long as the one before it.
    pub(crate) fn expect(&mut self, bytes: usize) {
        self.file.reserve(bytes.clamp(FIRST_ROOM, MOST_ROOM));
    }

    /// Whether `length` more bytes may be taken; counts them when so. False ends the collecting.
    pub(crate) fn admits(&mut self, length: u32) -> bool {
        let after = self.data_set().len() as u64 + u64::from(length);
        after <= self.limit && self.share.grow(u64::from(length))
    }

    /// Where the next fragment goes.
    pub(crate) fn sink(&mut self) -> &mut Vec<u8> {
        &mut self.file
    }

    pub(crate) fn data_set(&self) -> &[u8] {
        &self.file[self.data_set_at..]
    }

    /// The file without a copy, and the share that must live as long as it does.
    pub(crate) fn finish(self) -> (Bytes, Share) {
        (Bytes::from(self.file), self.share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collector(limit: u64, budget: &Budget) -> Collector {
        let (class, syntax) = (Uid::parse("1.2.840.10008.5.1.4.1.1.2"), Uid::parse("1.2.840.10008.1.2.1"));
        Collector::new(class.unwrap(), "1.2.3".to_owned(), syntax.unwrap(), limit, budget)
    }

    #[test]
    fn both_limits_hold_and_the_budget_comes_back() {
        let budget = Budget::new(100);
        let mut first = collector(80, &budget);
        assert!(first.admits(80) || !first.data_set().is_empty());
        first.sink().extend_from_slice(&[0; 80]);
        assert!(!first.admits(1), "the object's own limit");
        let mut second = collector(80, &budget);
        assert!(second.admits(20) && !second.admits(1), "the budget of all");
        drop((first, second));
        assert_eq!(budget.used.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn the_file_is_the_header_and_then_the_bytes_as_they_came() {
        let mut collector = collector(80, &Budget::new(100));
        collector.sink().extend_from_slice(b"data set bytes");
        assert_eq!(collector.data_set(), b"data set bytes");
        let (file, _share) = collector.finish();
        assert_eq!(&file[128..132], b"DICM");
        assert!(file.ends_with(b"data set bytes"));
    }
}
