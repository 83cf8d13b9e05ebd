//! The audit log: one canonical JSON line per event, each naming the hash of the one before, all of them
//! leaves of a Merkle tree (RFC 6962) whose root is signed in checkpoints.

mod checkpoint;
mod event;
mod log;
pub mod merkle;

pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use event::{Entry, Event};
pub use log::{Line, Summary, Tail, verify};
pub use merkle::Hash;
