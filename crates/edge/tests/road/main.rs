//! The edge as a whole, with real de-identification, sealing and transfer; the registry is a stand-in, or the real one (`centre`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail loudly")]

mod arrivals;
mod centre;
mod clinical;
mod commands;
mod kills;
mod linkage;
mod moves;
mod page;
mod people;
mod recalls;
mod registry;
mod site;
mod standing;
