//! From a quiet study to sealed objects: learn, de-identify as a whole, seal, spool, free.

mod clear;
mod owner;
mod patients;
mod recheck;
mod sample;
mod seal;
mod study;
mod worker;

pub use patients::{known_patient, learn_patient};
pub(crate) use recheck::HEADERS_PURPOSE;
pub use seal::{SealedObject, Sealer};
pub use study::Pipeline;
pub use worker::Worker;
