//! A corpus of invented patients whose identifiers are planted wherever real files have them, with a key that says
//! what has to happen to each: for tests of de-identification as a whole.
//!
//! `write` makes the files and `key.csv`; a plan gives the same files every time.

mod carriers;
mod chance;
mod devices;
mod document;
mod envelope;
mod header;
mod key;
mod nested;
mod people;
mod phrases;
mod picture;
mod places;
mod plan;
mod private;
mod report;
mod script;
mod sheet;
mod speaker;
mod spelling;
mod staff;
mod state;
mod table;
mod write;

pub use key::{Action, Item, read_key};
pub use plan::{Plan, Style};
pub use write::{Corpus, KEY, write};
