//! Recalls: objects that their site takes back. First they are taken out of the index, later erased; the rows of
//! both stay.

mod clinical;
mod erase;
mod list;
mod quarantine;

pub use erase::{erase, erase_moved, files_gone, files_to_delete};
pub use list::{Listed, Tombstone, is_barred, list, objects, tombstone, tombstones};
pub use quarantine::{NewRecall, quarantine};
