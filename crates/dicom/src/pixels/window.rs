//! Modality and VOI transformations to grey (PS3.3 C.11.1 and C.11.2).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use crate::{DataSet, access};

/// Stored values to grey, linearly.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    slope: f64,
    intercept: f64,
    center: f64,
    width: f64,
}

impl Window {
    /// The first window of the data set or of the frame's functional groups; `None` where there is none.
    pub(super) fn of(data_set: &DataSet, frame: usize) -> Option<Self> {
        let voi = nearest(data_set, frame, tags::FRAME_VOILUT_SEQUENCE, tags::WINDOW_WIDTH)?;
        let width = access::number(voi, tags::WINDOW_WIDTH).filter(|width| *width >= 1.0)?;
        let center = access::number(voi, tags::WINDOW_CENTER)?;
        let sequence = tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE;
        let modality = nearest(data_set, frame, sequence, tags::RESCALE_SLOPE);
        let number =
            |tag, otherwise: f64| modality.and_then(|item| access::number(item, tag)).unwrap_or(otherwise);
        let slope = Some(number(tags::RESCALE_SLOPE, 1.0)).filter(|slope| *slope != 0.0)?;
        Some(Self { slope, intercept: number(tags::RESCALE_INTERCEPT, 0.0), center, width })
    }

    /// The grey of a stored value (PS3.3 C.11.2.1.2.1).
    pub(super) fn grey(self, value: i32) -> u8 {
        let value = f64::from(value) * self.slope + self.intercept;
        let width = (self.width - 1.0).max(f64::MIN_POSITIVE);
        let share = (value - (self.center - 0.5)) / width + 0.5;
        (share.clamp(0.0, 1.0) * 255.0).round() as u8
    }
}

/// The data set itself where it has `tag`, or the item of the frame's functional groups that has it.
fn nearest(data_set: &DataSet, frame: usize, sequence: Tag, tag: Tag) -> Option<&DataSet> {
    if data_set.get(tag).is_some() {
        return Some(data_set);
    }
    let group = |groups: Tag, index: usize| {
        let item = data_set.get(groups)?.items()?.get(index)?;
        item.get(sequence)?.items()?.first().filter(|item| item.get(tag).is_some())
    };
    group(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frame)
        .or_else(|| group(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, 0))
}
