//! What `sumgil-registry` is told on the command line, one file a command.

mod check;
mod cli;
mod config_check;
mod init;
mod recalls;
mod serve;
mod site;
mod statistics;
mod subjects;
mod user;

pub use cli::run;
