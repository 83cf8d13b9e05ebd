//! Specific Character Set (PS3.5 section 6.1): bytes of any repertoire to Unicode.

mod decode;
mod escapes;
mod unicode;

pub use decode::{decode, encode_korean, encode_korean_2022};
pub(crate) use unicode::make_unicode;

/// The code for UTF-8, which every data set has after reading.
pub const UTF8: &str = "ISO_IR 192";
