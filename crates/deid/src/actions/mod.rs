//! The actions of the profile on a data set (PS3.15 Annex E), at every depth.

mod age;
mod dummy;
mod evidence;
mod level;
mod method;
mod private;
mod required;
mod rules;
mod structured;
mod technical;
mod temporal;
mod values;

pub(crate) use age::{cap_age, derive_age};
pub use evidence::{Deed, Evidence, Line, Rule};
pub(crate) use level::apply;
pub(crate) use method::describe;
pub(crate) use rules::Rules;
pub(crate) use values::{has_long_number, is_numeric};
