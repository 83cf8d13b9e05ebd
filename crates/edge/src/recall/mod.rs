//! Second thoughts: what was sent is taken back, or goes to the patient that it is of.

mod find;
mod moves;
mod take;

pub use find::{Named, find};
pub use moves::{Moved, merge, move_study};
pub use take::{Order, take_back, take_back_unknown};
