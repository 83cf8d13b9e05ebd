//! JPEG (ITU-T T.81): baseline and progressive of 8 bits, extended of 12 bits, lossless of 2 to 16.

use openreadout_codecs::{CodecError, JpegColor, jpeg_decode_tiff_limited};

use super::{
    PixelsError, Placed, Shape,
    marker::{Header, header},
};
use crate::pixels::{
    place::{Coded, place},
    shape::Photometric,
};

pub(super) const NAME: &str = "JPEG";
const LOSSLESS: u8 = 0xC3;

pub(super) fn decode(bytes: &[u8], shape: &Shape) -> Result<Placed, PixelsError> {
    let damaged = PixelsError::Damaged { coding: NAME };
    let mismatch = PixelsError::Mismatch { coding: NAME };
    let header = header(bytes).ok_or(damaged)?;
    let components = header.components.len();
    if (header.rows, header.columns, components) != (shape.rows, shape.columns, shape.samples) {
        return Err(mismatch);
    }
    refuse_rare_lossless(&header)?;
    let color = if is_ybr(&header, shape) { JpegColor::ToRgb } else { JpegColor::AsCoded };
    let raster = jpeg_decode_tiff_limited(bytes, None, color, shape.frame_samples() * 2);
    let raster = raster.map_err(|error| match error {
        CodecError::Unsupported { .. } => PixelsError::Unsupported("this JPEG process"),
        _ => damaged,
    })?;
    if (raster.height as usize, raster.width as usize) != (shape.rows, shape.columns) {
        return Err(mismatch);
    }
    let coded = Coded { coding: NAME, bits: header.bits, photometric: photometric(&header, shape) };
    if raster.bits_per_sample == 8 {
        place(shape, coded, raster.data.iter().map(|byte| i32::from(*byte)))
    } else {
        let words = raster.data.as_chunks::<2>().0.iter();
        place(shape, coded, words.map(|word| i32::from(u16::from_le_bytes(*word))))
    }
}

/// Kinds of lossless streams that the decoder would get wrong, without knowing it.
fn refuse_rare_lossless(header: &Header) -> Result<(), PixelsError> {
    let [_, _, transform] = header.scan;
    let components = header.components.len();
    let is_rare = header.restarts != 0
        || transform & 0xF != 0
        || header.bits < 8
        || header.scan_components != components
        || (components > 1 && header.bits != 8);
    if header.frame == LOSSLESS && is_rare {
        return Err(PixelsError::Unsupported("this kind of lossless JPEG"));
    }
    Ok(())
}

/// Whether the components are luminance and chrominance: the stream's own marks come before the data set's word.
fn is_ybr(header: &Header, shape: &Shape) -> bool {
    if header.components.len() != 3 || header.frame == LOSSLESS {
        return false;
    }
    match header.adobe {
        Some(transform) => transform != 0,
        None if header.components == *b"RGB" => false,
        None => header.is_jfif || shape.photometric != Photometric::Rgb,
    }
}

/// Lossless samples mean what the data set says; others are RGB now.
fn photometric(header: &Header, shape: &Shape) -> Photometric {
    match shape.photometric {
        Photometric::Ybr422 if header.frame == LOSSLESS => Photometric::Ybr,
        grey_or_lossless if header.components.len() == 1 || header.frame == LOSSLESS => grey_or_lossless,
        _ => Photometric::Rgb,
    }
}
