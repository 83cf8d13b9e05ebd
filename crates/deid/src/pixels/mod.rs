//! Pixels: where text is burned in, and how it is hidden (PS3.15 E.3.1, Clean Pixel Data).

pub mod detect;
mod look;
mod overlays;
mod tight;
mod zones;

pub use look::{Findings, find_text};
pub(crate) use look::{Seen, hide, look};
pub(crate) use overlays::clean_overlays;
