//! The way in: what arrives is looked at, encrypted and made durable, and only then acknowledged.

mod facts;
mod hold;
mod store;
mod take;

pub use facts::Facts;
pub use hold::{HoldThread, Holder};
pub use store::StorePort;
pub use take::Intake;
pub(crate) use take::patient_key;
