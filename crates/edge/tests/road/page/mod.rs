//! The local page, as a browser sees it.

mod access;
mod browser;
mod clinic;
mod decisions;
mod log_in;
mod pairs;
mod samples;
mod tls;
