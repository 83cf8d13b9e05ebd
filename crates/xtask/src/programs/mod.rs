//! The real programs, built once, started on loopback and stopped with their owner.

mod build;
mod edge;
mod process;
mod registry;

pub use build::{Profile, build, build_quietly, workspace};
pub use edge::Edge;
pub use process::{Running, run_to_end};
pub use registry::{Registry, Token};
