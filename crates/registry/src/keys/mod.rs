//! The registry's keys: made by `init`, loaded by every other command, whole only in memory.
//!
//! `secrets/root.key` opens everything else: beside it the receiving, signing and fingerprint keys, and in the
//! keyring database the ring keys, which wrap one key for each subject.

mod files;
mod ring;

pub use files::Keys;
pub use ring::{Ring, object_key};
