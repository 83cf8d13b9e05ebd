//! The way in: what arrives is looked at, encrypted and made durable, and only then acknowledged.

mod facts;

pub use facts::Facts;
