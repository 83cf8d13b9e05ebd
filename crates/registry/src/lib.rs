//! The centre: receives sealed objects, verifies and indexes them, and serves what it holds.
//!
//! Nothing here can hold an identity: the crate does not know `deid`, and what arrives is checked before it is
//! kept.

pub mod command;
mod config;
mod error;
pub mod layout;
pub mod store;
pub mod tls;
pub mod web;

pub use config::{Config, LimitsConfig, TlsConfig};
pub use error::{Error, Remedy};
pub use layout::DataDir;
