//! The range of numbers that an image uses.

use dicom_dictionary_std::tags;

use super::word::Layout;
use crate::{DataSet, access};

/// At either end of the range, one number in so many may be an outlier,
const OUTLIERS_ONE_IN: usize = 1000;
/// but never more than this: a letter has more pixels.
const MAX_OUTLIERS: usize = 64;
/// Widest range that is counted value by value.
const MAX_COUNTED: i64 = 1 << 16;

/// Pixel Padding Value (0028,0120) up to Pixel Padding Range Limit (0028,0121).
#[derive(Clone, Copy, Debug)]
pub(super) struct Padding {
    first: i32,
    last: i32,
}

impl Padding {
    /// The padding that the data set declares.
    pub(super) fn of(data_set: &DataSet, layout: Layout) -> Option<Self> {
        let one = access::integer(data_set, tags::PIXEL_PADDING_VALUE)?;
        let other = access::integer(data_set, tags::PIXEL_PADDING_RANGE_LIMIT).unwrap_or(one);
        let (one, other) = (layout.value(one as u32), layout.value(other as u32));
        Some(Self { first: one.min(other), last: one.max(other) })
    }

    fn has(self, value: i32) -> bool {
        (self.first..=self.last).contains(&value)
    }
}

/// The lowest and the highest number; zeros for none.
pub(super) fn extremes(values: impl Iterator<Item = i32>) -> (i32, i32) {
    let widened = |range: Option<(i32, i32)>, value: i32| match range {
        Some((low, high)) => Some((low.min(value), high.max(value))),
        None => Some((value, value)),
    };
    values.fold(None, widened).unwrap_or((0, 0))
}

/// The range that `values` use, padding and a few outliers aside.
pub(super) fn usual_range(values: &[i32], padding: Option<Padding>) -> (i32, i32) {
    let is_image = |value: &i32| padding.is_none_or(|padding| !padding.has(*value));
    let used = || values.iter().copied().filter(is_image);
    let (low, high) = extremes(used());
    let width = i64::from(high) - i64::from(low) + 1;
    if width > MAX_COUNTED {
        return (low, high);
    }
    let mut counts = vec![0_usize; width as usize];
    used().for_each(|value| counts[(value - low) as usize] += 1);
    let outliers = (counts.iter().sum::<usize>() / OUTLIERS_ONE_IN).min(MAX_OUTLIERS);
    let first = beyond(counts.iter(), outliers);
    let last = beyond(counts.iter().rev(), outliers);
    let (from, to) = (low + first as i32, high - last as i32);
    if from < to { (from, to) } else { (low, high) }
}

/// How many values are passed before more than `outliers` numbers are.
fn beyond<'a>(counts: impl Iterator<Item = &'a usize>, outliers: usize) -> usize {
    let mut passed = 0;
    let is_outlier = |count: &&usize| {
        passed += **count;
        passed <= outliers
    };
    counts.take_while(is_outlier).count()
}

/// `value` on the way from `low` to `high`, as 0 to 255.
pub(super) fn scaled(value: i32, low: i32, high: i32) -> u8 {
    let width = (i64::from(high) - i64::from(low)).max(1);
    let from_low = (i64::from(value) - i64::from(low)).clamp(0, width);
    ((from_low * 255 + width / 2) / width) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outliers_and_padding_do_not_stretch_the_range() {
        let mut values: Vec<i32> = (0..100_000).map(|number| number % 1000).collect();
        values.extend([-30_000, 30_000]);
        assert_eq!(usual_range(&values, None), (0, 999));
        let padding = Padding { first: -2000, last: -2000 };
        values.extend([-2000; 50_000]);
        assert_eq!(usual_range(&values, Some(padding)), (0, 999));
        assert_eq!(usual_range(&values, None), (-2000, 999));
    }

    #[test]
    fn a_few_bright_letters_are_no_outliers() {
        let mut values = vec![100; 10_000_000];
        values.extend([4000; 300]);
        assert_eq!(usual_range(&values, None), (100, 4000));
    }

    #[test]
    fn flat_and_empty_images_have_a_range() {
        assert_eq!(usual_range(&[7; 10], None), (7, 7));
        assert_eq!(usual_range(&[], None), (0, 0));
        assert_eq!(scaled(7, 7, 7), 0);
        assert_eq!(scaled(i32::MAX, i32::MIN, i32::MAX), 255);
        assert_eq!(usual_range(&[i32::MIN, i32::MAX], None), (i32::MIN, i32::MAX));
    }
}
