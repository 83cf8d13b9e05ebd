//! JPEG 2000 (ITU-T T.800) and its high-throughput block coding (T.814), lossless and lossy.

mod partition;
mod size;
mod tile_parts;

use dicom_toolkit_jpeg2000::{DecodeSettings, Image, RawBitmap};
use rust_j2k::Component;
use size::{Size, codestream};

use super::{PixelsError, Placed, Shape};
use crate::pixels::{
    place::{Coded, place},
    shape::Photometric,
};

pub(super) const NAME: &str = "JPEG 2000";
/// More tiles have no number (T.800 A.4.2).
const MAX_TILES: u64 = 65_535;
/// Most samples of high-throughput images; the other decoder has the same limit.
const MAX_SAMPLES: usize = 1 << 26;

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
    let decoded = rust_j2k::decode(stream).or_else(|error| match tile_parts::without_counts(stream) {
        Some(uncounted) if !matches!(error, rust_j2k::Error::Unsupported(_)) => rust_j2k::decode(&uncounted),
        _ => Err(error),
    });
    let image = decoded.map_err(|error| match error {
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
    if shape.frame_samples() > MAX_SAMPLES || !partition::is_coarse(stream).ok_or(damaged)? {
        return Err(PixelsError::Unsupported("high-throughput JPEG 2000 in so many pieces"));
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
