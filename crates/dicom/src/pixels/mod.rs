//! Pixels as numbers: decoded from every transfer syntax that can be, blacked out, put back.
//!
//! [`decode`] gives [`Pixels`]; [`Pixels::grey`] is what a text detector looks at, [`Pixels::rendered`] what a
//! person sees; [`Pixels::black_out`] hides a [`Region`]; [`Pixels::put_into`] writes native pixel data. All
//! codecs are Rust, see the declared size before they allocate, and a panic in one of them is an error here.

mod black;
mod codec;
mod error;
mod grey;
mod image;
mod limits;
mod palette;
mod place;
mod put;
mod range;
mod region;
mod rendered;
mod shape;
mod window;
mod word;

pub use error::PixelsError;
pub use grey::Grey8;
pub use image::{Pixels, decode};
pub use limits::PixelLimits;
pub use region::Region;
pub use rendered::Rgb8;
