//! The actions of the profile on a data set (PS3.15 Annex E), at every depth.

mod age;
mod dummy;
mod level;
mod method;
mod private;
mod required;
mod technical;

pub(crate) use age::derive_age;
pub(crate) use level::{Rules, apply, has_long_number, is_numeric};
pub(crate) use method::describe;
