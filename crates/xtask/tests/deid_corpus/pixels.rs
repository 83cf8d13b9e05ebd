//! Rectangles of the key in the pixels before and after.

use std::ops::Range;

use sumgil_dicom::{
    Part10, access,
    dictionary::tags,
    pixels::{PixelLimits, decode},
};
use sumgil_testkit::corpus::Item;

/// Stored values: the mean of the channels in colour.
struct Values {
    columns: usize,
    rows: usize,
    frames: usize,
    values: Vec<i32>,
}

impl Values {
    fn of(file: &Part10) -> Option<Self> {
        let mut data_set = file.data_set.clone();
        let pixels = decode(&data_set, &file.transfer_syntax, &PixelLimits::default()).ok()?;
        let (columns, rows, frames) = (pixels.columns(), pixels.rows(), pixels.frames());
        pixels.put_into(&mut data_set).ok()?;
        let samples = access::integer(&data_set, tags::SAMPLES_PER_PIXEL)? as usize;
        let wide = access::integer(&data_set, tags::BITS_ALLOCATED)? == 16;
        let signed = access::integer(&data_set, tags::PIXEL_REPRESENTATION)? == 1;
        let bytes = access::bytes(&data_set, tags::PIXEL_DATA)?;
        let word = |pair: &[u8]| {
            let word = u16::from_le_bytes([pair[0], pair[1]]);
            if signed { i32::from(word as i16) } else { i32::from(word) }
        };
        let all: Vec<i32> = if wide {
            bytes.chunks_exact(2).map(word).collect()
        } else {
            bytes.iter().map(|b| i32::from(*b)).collect()
        };
        let mean = |pixel: &[i32]| pixel.iter().sum::<i32>() / samples as i32;
        let values = all.chunks_exact(samples).map(mean).take(columns * rows * frames).collect();
        Some(Self { columns, rows, frames, values })
    }

    fn rectangle(&self, frame: usize, [x, y, width, height]: [usize; 4]) -> Vec<i32> {
        let start = frame * self.columns * self.rows;
        let row = |row: usize| start + row * self.columns + x..start + row * self.columns + x + width;
        (y..y + height).flat_map(|number| self.values[row(number)].to_vec()).collect()
    }

    fn spread(&self) -> f64 {
        spread(&self.values)
    }
}

fn spread(values: &[i32]) -> f64 {
    let (low, high) = (values.iter().min().copied().unwrap_or(0), values.iter().max().copied().unwrap_or(0));
    f64::from(high - low)
}

/// Nothing can be read in the rectangle: one value, in every frame that the line names.
pub(crate) fn is_hidden(before: &Part10, after: &Part10, item: &Item) -> bool {
    let (Some(before), Some(after), Some((frame, rect))) =
        (Values::of(before), Values::of(after), item.rectangle())
    else {
        return false;
    };
    let frames: Range<usize> = usize::try_from(frame).map_or(0..after.frames, |frame| frame..frame + 1);
    let flat = 0.02 * before.spread();
    let same_size = (before.columns, before.rows, before.frames) == (after.columns, after.rows, after.frames);
    same_size && frames.into_iter().all(|frame| spread(&after.rectangle(frame, rect)) <= flat)
}

/// The rectangle is as it was, up to what decoding of lossy pixels differs by.
pub(crate) fn is_kept(before: &Part10, after: &Part10, item: &Item) -> bool {
    let (Some(before), Some(after), Some((frame, rect))) =
        (Values::of(before), Values::of(after), item.rectangle())
    else {
        return false;
    };
    let frame = usize::try_from(frame).unwrap_or(0);
    let (old, new) = (before.rectangle(frame, rect), after.rectangle(frame, rect));
    let change: i32 = old.iter().zip(&new).map(|(old, new)| (old - new).abs()).sum();
    f64::from(change) / old.len().max(1) as f64 <= 0.02 * before.spread().max(1.0)
}
