//! The one tool to learn: sets up what is missing, runs the demo, the tests, the checks and the benchmark.
//!
//! As a library it holds what whole-program tests share: starting the real programs, waiting for them and
//! asking them questions through their public doors.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for people at a terminal")]

pub mod demo;
pub mod programs;
pub mod published;
pub mod setup;
pub mod tasks;
