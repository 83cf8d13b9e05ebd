//! The receiving side: C-STORE and C-ECHO service class provider.

mod association;
mod collect;
mod config;
mod gate;
mod handler;
mod listener;
mod message;
mod negotiation;

pub use config::ScpConfig;
pub use handler::{BoxFuture, Received, StoreHandler, StoreStatus};
pub use listener::serve;
