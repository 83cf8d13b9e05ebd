//! Is this text? Finds burned-in text of any script without reading a word.
//!
//! An image becomes a pyramid, each level half as wide as the one before. Blocks of 8 by 8 pixels without
//! contrast are passed over; a small convolutional network looks at the rest and says of every fourth pixel
//! whether a line of text runs there and where its edges are. Such cells are linked to lines, lines of all
//! levels are merged, and marks of a single glyph (side markers) are dropped.
//!
//! `weights.bin` beside this file is made by the program in `training/text-detector`.

mod component;
mod contrast;
mod convolve;
mod detector;
mod grey;
mod line;
mod lone;
mod merge;
mod network;
mod region;

pub use contrast::Contrast;
pub use detector::{CERTAIN, Detector, Found, POSSIBLE};
pub use grey::{Grey, Plane};
pub use network::{CELL, HEADS, LAYERS, Layer, Network, REACH, WeightsError, lead};
