//! The program `sumgil-edge`. All of it lives in the library, so that tests reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    sumgil_edge::command::main()
}
