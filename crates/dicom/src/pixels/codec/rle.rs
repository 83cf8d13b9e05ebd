//! RLE Lossless (PS3.5 annex G): a segment for each byte of a sample, highest byte first.

use openreadout_codecs::packbits_decode;

use super::{PixelsError, Placed, Shape};
use crate::pixels::place::place_native;

pub(super) const NAME: &str = "RLE";
/// The number of segments and fifteen offsets, 32 bits each.
const HEADER_BYTES: usize = 64;
const MAX_SEGMENTS: usize = 15;

pub(super) fn decode(bytes: &[u8], shape: &Shape) -> Result<Placed, PixelsError> {
    let damaged = PixelsError::Damaged { coding: NAME };
    let offsets = offsets(bytes).ok_or(damaged)?;
    let word_bytes = shape.word_bytes();
    if offsets.len() != shape.samples * word_bytes {
        return Err(PixelsError::Mismatch { coding: NAME });
    }
    let ends = offsets.iter().skip(1).copied().chain([bytes.len()]);
    let segments = offsets.iter().zip(ends).map(|(start, end)| bytes.get(*start..end));
    let plane_bytes = (shape.frame_pixels() * shape.bits_allocated as usize).div_ceil(8) / word_bytes;
    let mut words = vec![0; plane_bytes * offsets.len()];
    for (number, segment) in segments.enumerate() {
        let plane = packbits_decode(segment.ok_or(damaged)?, plane_bytes).map_err(|_| damaged)?;
        if plane.len() != plane_bytes {
            return Err(damaged);
        }
        let place = number / word_bytes * word_bytes + (word_bytes - 1 - number % word_bytes);
        let target = words.iter_mut().skip(place).step_by(offsets.len());
        target.zip(plane).for_each(|(word, byte)| *word = byte);
    }
    place_native(&Shape { planar: false, ..unpacked(shape) }, &words)
}

/// RLE never packs chrominance.
fn unpacked(shape: &Shape) -> Shape {
    use crate::pixels::shape::Photometric::{Ybr, Ybr422};
    let photometric = if shape.photometric == Ybr422 { Ybr } else { shape.photometric };
    Shape { photometric, ..*shape }
}

/// Where segments start; `None` unless they follow one another behind the header.
fn offsets(bytes: &[u8]) -> Option<Vec<usize>> {
    let header = bytes.get(..HEADER_BYTES)?;
    let mut numbers = header.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word) as usize);
    let count = numbers.next().filter(|count| (1..=MAX_SEGMENTS).contains(count))?;
    let offsets: Vec<usize> = numbers.take(count).collect();
    (offsets.first() == Some(&HEADER_BYTES) && offsets.is_sorted()).then_some(offsets)
}
