//! A person in the loop: one instance opened with all it tells, beside what would leave the hospital.

mod case;
mod facts;
mod findings;
mod masks;
mod picture;
mod table;

pub use case::{Case, Result as Outcome, Still};
#[cfg(test)]
pub(crate) use facts::names as fact_names;
pub use facts::{Fact, facts};
pub use findings::{Findings, find};
pub use masks::{MOST_MASKS, parse_masks, write_masks};
pub use picture::{Gallery, NoPicture, Picture, Side};
pub use table::{Row, compare};
