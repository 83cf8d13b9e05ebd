//! The commands of `sumgil-edge`. Here alone `anyhow` is used and anything is printed.

mod cli;
mod config;

pub use cli::main;
