//! The centre: receives sealed objects, verifies and indexes them, and serves what it holds.
//!
//! Nothing here can hold an identity: the crate does not know `deid`, and what arrives is checked before it is
//! kept.

pub mod audit;
pub mod check;
pub mod clock;
pub mod command;
mod config;
mod dicomweb;
mod error;
pub mod keys;
pub mod layout;
mod objects;
pub mod receive;
mod registry;
mod role;
pub mod sites;
pub mod statements;
pub mod store;
pub mod tls;
pub mod users;
pub mod web;

pub use config::{Config, LimitsConfig, TlsConfig};
pub use error::{Error, Remedy};
pub use layout::DataDir;
pub use objects::Objects;
pub use registry::Registry;
pub use role::{Permission, Role};
