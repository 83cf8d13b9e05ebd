//! Pixels through the public door: decoded, blacked out, put back; other people's programs as judges.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

mod foreign_decoder;
mod support;
