//! What stands in the pixels themselves.

pub mod detect;
