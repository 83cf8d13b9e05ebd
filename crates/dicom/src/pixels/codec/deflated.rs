//! Deflated image frames (PS3.5 A.4.13): native frames, each a deflate stream.

use std::io::Read;

use flate2::read::DeflateDecoder;

use super::{PixelsError, Placed, Shape};
use crate::pixels::place::place_native;

pub(super) const NAME: &str = "deflate";

pub(super) fn decode(bytes: &[u8], shape: &Shape) -> Result<Placed, PixelsError> {
    let damaged = PixelsError::Damaged { coding: NAME };
    let bits = shape.frame_samples() * shape.bits_allocated as usize;
    let mut frame = Vec::new();
    let mut inflated = DeflateDecoder::new(bytes).take(bits.div_ceil(8) as u64);
    inflated.read_to_end(&mut frame).map_err(|_| damaged)?;
    place_native(shape, &frame).map_err(|_| damaged)
}
