//! What holds for any data set: nothing planted comes out, UIDs and intervals hold together, and what is finished
//! stays as it is.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod field;
mod person;
mod search;
mod twice;

mod dates;
mod leaks;
mod uids;
