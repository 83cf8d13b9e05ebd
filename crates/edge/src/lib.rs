//! The hospital's side of Sumgil: receive, hold, de-identify, seal, spool, send.
//!
//! What arrives is encrypted with the edge's own key and made durable before the sender is answered. A study
//! that has been quiet for a while is de-identified as a whole, sealed for the centre and sent; every local
//! copy is freed only when the next one is proven to be durable. SQL stands only in [`spool`].

pub mod backup;
pub mod clinical;
pub mod command;
pub mod config;
mod edge;
pub mod engine;
mod enrolment;
mod error;
mod home;
pub mod import;
pub mod intake;
mod linkage;
pub mod page;
pub mod pipeline;
pub mod recall;
pub mod review;
mod secrets;
pub mod self_test;
pub mod serve;
pub mod spool;
mod standing;
pub mod statements;
pub mod status;
mod tls;
pub mod upload;

pub use edge::Edge;
pub use enrolment::{Enrolment, enrol};
pub use error::{EdgeError, Remedy};
pub use home::{Home, WorkLock, write_private};
pub use linkage::Linkage;
pub use secrets::{SecretTexts, Secrets};
pub use standing::{ApprovalStanding, SelfTestStanding, Standing, stop_reason};
