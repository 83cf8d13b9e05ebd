//! JPEG XL (ISO 18181): lossless, recompressed JPEG, lossy.

use jxl_oxide::{AllocTracker, FrameHeader, JxlImage, image::BitDepth};

use super::{PixelsError, Placed, Shape};
use crate::pixels::{
    place::{Coded, place},
    shape::Photometric,
};

pub(super) const NAME: &str = "JPEG XL";
/// The decoder works with 32-bit numbers in several copies; small images need tables, too.
const WORKING_COPIES: usize = 16;
const TABLES_BYTES: usize = 64 << 20;

pub(super) fn decode(bytes: &[u8], shape: &Shape) -> Result<Placed, PixelsError> {
    let damaged = PixelsError::Damaged { coding: NAME };
    let mismatch = PixelsError::Mismatch { coding: NAME };
    let memory = shape.frame_samples().saturating_mul(4 * WORKING_COPIES).saturating_add(TABLES_BYTES);
    let builder = JxlImage::builder().alloc_tracker(AllocTracker::with_limit(memory));
    let image = builder.read(bytes).map_err(|_| damaged)?;
    if (image.height() as usize, image.width() as usize) != (shape.rows, shape.columns) {
        return Err(mismatch);
    }
    let meta = &image.image_header().metadata;
    let BitDepth::IntegerSample { bits_per_sample: bits @ 1..=16 } = meta.bit_depth else {
        return Err(PixelsError::Unsupported("JPEG XL of these numbers"));
    };
    let is_changed = meta.xyb_encoded || image.frame_header(0).is_some_and(is_ybr);
    let render = image.render_frame(0).map_err(|_| damaged)?;
    let samples = render.image_all_channels();
    if (samples.height(), samples.width(), samples.channels()) != (shape.rows, shape.columns, shape.samples) {
        return Err(mismatch);
    }
    let photometric = photometric(shape, is_changed);
    let full = ((1_u32 << bits) - 1) as f32;
    let whole = |value: &f32| (value * full).round().clamp(0.0, full) as i32;
    place(shape, Coded { coding: NAME, bits, photometric }, samples.buf().iter().map(whole))
}

fn is_ybr(header: &FrameHeader) -> bool {
    header.do_ycbcr
}

/// The decoder undoes its own colour transforms; what it leaves alone means what the data set says.
fn photometric(shape: &Shape, is_changed: bool) -> Photometric {
    match shape.photometric {
        grey if shape.samples == 1 => grey,
        Photometric::Ybr if !is_changed => Photometric::Ybr,
        _ => Photometric::Rgb,
    }
}
