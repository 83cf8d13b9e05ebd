//! What the tests and the benchmark need beside Rust, found or installed.

mod debian;
mod python;

pub use debian::{FOR_BENCH, FOR_TESTS, Tool, ensure as ensure_debian, find as find_program};
pub use python::{ensure as ensure_python, ensure_with as ensure_python_with, find as find_python};
