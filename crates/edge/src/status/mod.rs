//! The status page: counts and states, on loopback, for whoever looks after the edge. No identities.

mod page;
mod routes;

pub use routes::{StatusPage, serve};
