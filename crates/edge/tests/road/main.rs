//! The edge as a whole, with real de-identification, sealing and transfer; only the registry is a stand-in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail loudly")]

mod arrivals;
mod clinical;
mod kills;
mod page;
mod people;
mod registry;
mod site;
