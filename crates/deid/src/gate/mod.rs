//! The last gate: a finished data set is searched for everything that names its patient.

mod bulk;
mod patterns;
mod search;
mod walk;

pub(crate) use search::Searcher;
pub(crate) use walk::{Place, search};
