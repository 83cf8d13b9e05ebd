//! The upload protocol between an edge and the registry: its messages, its HTTP form, and two state machines
//! side by side, [`sender`] and [`receiver`].
//!
//! Nothing here touches a socket, a disk or a clock. The machines take events and give actions; the programs
//! carry the actions out and report what came of them. That is why cuts, duplicates, reordering and crashes at
//! every step can be tried in a test. The protocol is written down in `docs/spec/upload.md`.

mod enrol;
mod error;
pub mod http;
mod manifest;
mod offer;
pub mod receiver;
pub mod sender;
pub mod statement;
mod token;

pub use enrol::{EnrolReply, EnrolRequest};
pub use error::{Remedy, TransferError};
pub use manifest::{Manifest, ManifestBody};
pub use offer::{
    ItemAnswer, MAX_OFFER, MAX_PART_BYTES, Offer, OfferAnswer, OfferReply, PartReply, RefusalCode,
};
pub use token::EnrolToken;
