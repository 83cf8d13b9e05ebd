//! Pixels as numbers: where something lies in them.

mod region;

pub use region::Region;
