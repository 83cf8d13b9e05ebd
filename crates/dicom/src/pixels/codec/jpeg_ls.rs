//! JPEG-LS (ITU-T T.87), lossless and near-lossless.

use openreadout_codecs::{CodecError, jpegls_decode_limited};

use super::{PixelsError, Placed, Shape, marker::header};
use crate::pixels::place::{Coded, place};

pub(super) const NAME: &str = "JPEG-LS";

pub(super) fn decode(bytes: &[u8], shape: &Shape) -> Result<Placed, PixelsError> {
    let damaged = PixelsError::Damaged { coding: NAME };
    let header = header(bytes).ok_or(damaged)?;
    let is_described = header.frame == 0xF7
        && (header.rows, header.columns, header.components.len())
            == (shape.rows, shape.columns, shape.samples);
    if !is_described {
        return Err(PixelsError::Mismatch { coding: NAME });
    }
    let raster = jpegls_decode_limited(bytes, shape.frame_samples() * 2).map_err(|error| match error {
        CodecError::Unsupported { .. } => PixelsError::Unsupported("JPEG-LS in colour"),
        _ => damaged,
    })?;
    let coded = Coded { coding: NAME, bits: header.bits, photometric: shape.photometric };
    if raster.bits_per_sample == 8 {
        place(shape, coded, raster.data.iter().map(|byte| i32::from(*byte)))
    } else {
        let words = raster.data.as_chunks::<2>().0.iter();
        place(shape, coded, words.map(|word| i32::from(u16::from_le_bytes(*word))))
    }
}
