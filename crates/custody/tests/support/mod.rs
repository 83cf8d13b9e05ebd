//! What the tests of custody share: a context, keys, and repeatable randomness.
#![allow(dead_code, unreachable_pub, reason = "every test file uses a part of it")]

use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use sumgil_custody::{ObjectContext, ObjectKey, ObjectKind, Secret};
use sumgil_model::{SiteId, SubjectId};

pub fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

pub fn context() -> ObjectContext {
    ObjectContext {
        site: SiteId::parse("hosp-01").unwrap(),
        subject: SubjectId::parse("sub-0123456789abcdef0123").unwrap(),
        uid: "2.25.329800735698586629295641978511506172918".to_owned(),
        kind: ObjectKind::Instance,
        profile: "sumgil-default-1".to_owned(),
    }
}

pub fn key(byte: u8) -> ObjectKey {
    ObjectKey::from_bytes([byte; 32])
}

/// Bytes that differ from chunk to chunk.
pub fn pattern(size: usize) -> Vec<u8> {
    (0..size).map(|i| (i % 251) as u8).collect()
}
