//! The local page: counts for everybody on this machine, and the hospital's own look at quarantine and samples.
//!
//! Patients are named behind the log-in. Nothing of it leaves the hospital: the page loads nothing from
//! elsewhere, and answers only to the host names that it is known by.

mod accounts;
mod cookies;
mod counts;
mod decide;
mod guard;
mod language;
mod layout;
mod log;
mod login;
mod mine;
mod one;
mod pictures;
mod piles;
mod queue;
mod reasons;
mod refusal;
mod role;
mod router;
mod samples;
mod server;
mod stage;
mod state;
mod tls;
mod visitor;
mod words;

pub use language::Language;
pub use role::Role;
pub use router::router;
pub use server::serve;
pub use state::{Clock, Page};
pub use tls::{PageTls, fingerprint_of};
pub use words::Words;
