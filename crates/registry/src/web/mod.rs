//! HTTP: the router and what stands around it.

mod auth;
mod enrol;
mod frame;
mod offers;
mod problem;
mod router;
mod routes;
mod server;
mod state;
mod statements;
mod uploads;

pub use auth::Principal;
pub(crate) use auth::failed;
pub use frame::{REQUEST_ID, RequestId};
pub use problem::Problem;
pub use router::router;
pub use routes::{ROUTES, Route};
pub use server::serve;
pub use state::App;
