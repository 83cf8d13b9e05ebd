//! Counts and states, for whoever looks after the edge. No identities.

mod page;
mod routes;

pub(crate) use page::table;
pub use routes::{Status, StatusPage};
