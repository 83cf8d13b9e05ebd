//! The store's contract, held by SQLite and by a throw-away PostgreSQL alike.

mod arrivals;
mod audit;
mod catalogue;
mod commits;
mod engines;
mod keyring;
mod make;
mod qido;
mod uploads;
