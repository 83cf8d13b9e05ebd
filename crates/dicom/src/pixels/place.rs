//! From what a decoder says to the words of a frame.

use super::{
    PixelsError,
    shape::{Photometric, Shape},
    word::{extended, mask},
};

/// What the codestream says of its numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coded {
    pub(super) coding: &'static str,
    pub(super) bits: u32,
    /// What the samples mean now.
    pub(super) photometric: Photometric,
}

/// One decoded frame.
pub(super) struct Placed {
    /// Words as the shape has them.
    pub(super) words: Vec<u8>,
    pub(super) photometric: Photometric,
    /// Whether colour comes by plane.
    pub(super) planar: bool,
}

/// Numbers, pixel by pixel, as words. A codestream knows no sign, or another than the data set: its bits count,
/// and the data set says whether the highest is a sign.
pub(super) fn place(
    shape: &Shape,
    coded: Coded,
    values: impl Iterator<Item = i32>,
) -> Result<Placed, PixelsError> {
    let mismatch = PixelsError::Mismatch { coding: coded.coding };
    if coded.bits == 0 || coded.bits > shape.word_bytes() as u32 * 8 {
        return Err(mismatch);
    }
    let word = |value: i32| {
        let bits = value as u32 & mask(coded.bits);
        if shape.signed { extended(bits, coded.bits) as u32 } else { bits }
    };
    let mut words = Vec::with_capacity(shape.frame_bytes());
    let values = values.map(word);
    match shape.word_bytes() {
        1 => words.extend(values.map(|word| word as u8)),
        2 => values.for_each(|word| words.extend_from_slice(&(word as u16).to_le_bytes())),
        _ => values.for_each(|word| words.extend_from_slice(&word.to_le_bytes())),
    }
    if words.len() != shape.frame_bytes() {
        return Err(mismatch);
    }
    Ok(Placed { words, photometric: coded.photometric, planar: false })
}

/// Words as they lie in native pixel data; single bits get a byte each, packed chrominance one for every pixel.
pub(super) fn place_native(shape: &Shape, bytes: &[u8]) -> Result<Placed, PixelsError> {
    let short = PixelsError::Frames(crate::frames::FramesError::TooShort);
    let placed = |words| Placed { words, photometric: shape.photometric, planar: shape.planar };
    if shape.bits_allocated == 1 {
        let bits = bytes.iter().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1));
        let words: Vec<u8> = bits.take(shape.frame_pixels()).collect();
        return if words.len() == shape.frame_pixels() { Ok(placed(words)) } else { Err(short) };
    }
    if shape.photometric == Photometric::Ybr422 {
        let words = unpacked(shape, bytes).ok_or(short)?;
        return Ok(Placed { words, photometric: Photometric::Ybr, planar: false });
    }
    bytes.get(..shape.frame_bytes()).map(|words| placed(words.to_vec())).ok_or(short)
}

/// `Y1 Y2 Cb Cr` for every two pixels becomes `Y Cb Cr` for each (PS3.3 C.7.6.3.1.2).
fn unpacked(shape: &Shape, bytes: &[u8]) -> Option<Vec<u8>> {
    let size = shape.word_bytes();
    let mut words = Vec::with_capacity(shape.frame_bytes());
    for pair in bytes.chunks_exact(4 * size).take(shape.frame_pixels() / 2) {
        let (luminance, chrominance) = pair.split_at(2 * size);
        for one in luminance.chunks_exact(size) {
            words.extend_from_slice(one);
            words.extend_from_slice(chrominance);
        }
    }
    (words.len() == shape.frame_bytes()).then_some(words)
}
