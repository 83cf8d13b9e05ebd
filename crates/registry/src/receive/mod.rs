//! The way into the registry: parts become a file, the file is verified, its rows are committed, and only then
//! is the receipt signed.

mod commit;
mod drive;
mod incoming;
mod index;
mod tidy;
mod uploads;
mod verify;

pub use index::IndexRows;
pub use tidy::tidy;
pub use uploads::Uploads;
pub use verify::{Content, Refused, verify};
