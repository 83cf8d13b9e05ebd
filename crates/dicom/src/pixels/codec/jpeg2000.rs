//! JPEG 2000 (ITU-T T.800) and its high-throughput block coding (T.814), lossless and lossy.

use dicom_toolkit_jpeg2000::{DecodeSettings, Image, RawBitmap};
use rust_j2k::Component;

use super::{PixelsError, Placed, Shape};
use crate::pixels::{
    place::{Coded, place},
    shape::Photometric,
};

pub(super) const NAME: &str = "JPEG 2000";
const CODESTREAM: &[u8] = &[0xFF, 0x4F, 0xFF, 0x51];
const JP2: &[u8] = b"\0\0\0\x0CjP  ";
/// More tiles have no number (T.800 A.4.2).
const MAX_TILES: u64 = 65_535;

pub(super) fn decode(bytes: &[u8], shape: &Shape) -> Result<Placed, PixelsError> {
    let damaged = PixelsError::Damaged { coding: NAME };
    let stream = codestream(bytes).ok_or(damaged)?;
    let size = Size::of(stream).ok_or(damaged)?;
    if (size.rows, size.columns, size.components) != (shape.rows, shape.columns, shape.samples) {
        return Err(PixelsError::Mismatch { coding: NAME });
    }
    if size.tiles > MAX_TILES || size.bits == 0 || size.bits > 32 {
        return Err(damaged);
    }
    let coded = Coded { coding: NAME, bits: size.bits, photometric: photometric(shape.photometric) };
    if size.is_high_throughput {
        high_throughput(stream, shape, &size, coded)
    } else {
        plain(stream, shape, coded)
    }
}

fn plain(stream: &[u8], shape: &Shape, coded: Coded) -> Result<Placed, PixelsError> {
    let image = rust_j2k::decode(stream).map_err(|error| match error {
        rust_j2k::Error::Unsupported(_) => PixelsError::Unsupported("this kind of JPEG 2000"),
        _ => PixelsError::Damaged { coding: NAME },
    })?;
    let is_whole =
        |one: &Component| one.samples.len() == shape.frame_pixels() && u32::from(one.bit_depth) == coded.bits;
    match image.components.as_slice() {
        all if !all.iter().all(is_whole) => Err(PixelsError::Unsupported("subsampled JPEG 2000")),
        [grey] => place(shape, coded, grey.samples.iter().copied()),
        all => {
            let pixel = |index| all.iter().filter_map(move |one| one.samples.get(index).copied());
            place(shape, coded, (0..shape.frame_pixels()).flat_map(pixel))
        }
    }
}

fn high_throughput(stream: &[u8], shape: &Shape, size: &Size, coded: Coded) -> Result<Placed, PixelsError> {
    let damaged = PixelsError::Damaged { coding: NAME };
    if size.bits > 16 {
        return Err(PixelsError::Unsupported("high-throughput JPEG 2000 of more than 16 bits"));
    }
    let settings = DecodeSettings { strict: true, ..DecodeSettings::default() };
    let image = Image::new(stream, &settings).map_err(|_| damaged)?;
    let RawBitmap { data, bytes_per_sample, .. } = image.decode_native().map_err(|_| damaged)?;
    // the decoder takes every component for unsigned, and lifts it by half the range
    let lift = if size.is_signed { 1 << (size.bits - 1) } else { 0 };
    if bytes_per_sample == 1 {
        place(shape, coded, data.iter().map(|byte| i32::from(*byte) - lift))
    } else {
        let words = data.as_chunks::<2>().0.iter();
        place(shape, coded, words.map(|word| i32::from(u16::from_le_bytes(*word)) - lift))
    }
}

/// The decoder undoes the transforms of JPEG 2000 itself.
fn photometric(declared: Photometric) -> Photometric {
    match declared {
        Photometric::YbrOfJpeg2000 => Photometric::Rgb,
        Photometric::Ybr422 => Photometric::Ybr,
        other => other,
    }
}

/// The image and tile size segment, and whether a capabilities segment follows (T.800 A.5).
struct Size {
    rows: usize,
    columns: usize,
    components: usize,
    bits: u32,
    is_signed: bool,
    tiles: u64,
    is_high_throughput: bool,
}

impl Size {
    fn of(stream: &[u8]) -> Option<Self> {
        let number = |at: usize| Some(u32::from_be_bytes(*stream.get(at..)?.first_chunk()?));
        let (right, bottom, left, top) = (number(8)?, number(12)?, number(16)?, number(20)?);
        let (wide, high, from_left, from_top) = (number(24)?, number(28)?, number(32)?, number(36)?);
        let tiles = |end: u32, start: u32, size: u32| {
            Some(u64::from(end.checked_sub(start)?).div_ceil(u64::from(size).max(1)))
        };
        let components = stream.get(40..)?.first_chunk().map(|two| u16::from_be_bytes(*two))?;
        let depth = *stream.get(42)?;
        Some(Self {
            rows: bottom.checked_sub(top)? as usize,
            columns: right.checked_sub(left)? as usize,
            components: usize::from(components),
            bits: u32::from(depth & 0x7F) + 1,
            is_signed: depth & 0x80 != 0,
            tiles: tiles(right, from_left, wide)? * tiles(bottom, from_top, high)?,
            is_high_throughput: stream.get(42 + 3 * usize::from(components)..)?.starts_with(&[0xFF, 0x50]),
        })
    }
}

/// The codestream itself, or the one in a JP2 file.
fn codestream(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.starts_with(CODESTREAM) {
        return Some(bytes);
    }
    let mut rest = bytes.starts_with(JP2).then_some(bytes)?;
    loop {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let length = if length == 0 { rest.len() } else { length.min(rest.len()) };
        let content = rest.get(8..length)?;
        if rest.get(4..8)? == b"jp2c" {
            return content.starts_with(CODESTREAM).then_some(content);
        }
        rest = rest.get(length..)?;
    }
}
