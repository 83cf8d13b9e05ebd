//! The commands of `sumgil-edge`. Here alone `anyhow` is used and anything is printed.

mod account;
mod approval;
mod cli;
mod config;
pub mod deid;
mod evidence;
mod import;
mod import_clinical;
mod init;
mod key;
mod moves;
mod passphrase;
mod pull;
mod quarantine;
mod recall;
mod self_test;
mod serve;
mod status;
mod subject;
mod who;

pub use cli::main;
