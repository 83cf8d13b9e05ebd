//! HTTP: the router and what stands around it.

mod frame;
mod problem;
mod router;
mod server;

pub use frame::{REQUEST_ID, RequestId};
pub use problem::Problem;
pub use router::router;
pub use server::serve;
