//! The store's contract, held by SQLite and by a throw-away PostgreSQL alike.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

mod arrivals;
mod audit;
mod catalogue;
mod clinical;
mod cohort;
mod commits;
mod engines;
mod fixture;
mod fsck;
mod keyring;
mod make;
mod qido;
mod recalls;
mod schema;
mod speed;
mod stated;
mod uploads;
