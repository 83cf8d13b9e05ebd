//! Pixels through the public door: decoded, blacked out, put back; other people's programs as judges.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

mod black_out;
mod codings;
mod foreign_decoder;
mod hostile;
mod shared_files;
mod shown;
mod support;
