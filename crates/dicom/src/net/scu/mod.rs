//! The asking side: C-ECHO, C-STORE, C-FIND and C-MOVE service class user.

mod client;
mod echo;
mod file;
mod find;
mod move_;
mod peer;
mod store;

pub use echo::echo;
pub use file::FileToSend;
pub use find::{StudyKey, StudyMatch, find};
pub use move_::{Moved, move_};
pub use peer::Peer;
pub use store::{Sent, StoreReport, store};
