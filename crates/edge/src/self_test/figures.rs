//! The figures of a run: what had to be hidden, and what had to stay.

use jiff::Timestamp;
use sumgil_deid::Profile;
use sumgil_dicom::{DataSet, Limits, access, dicom_core::Tag, dictionary::tags, read_without_pixels};
use sumgil_transfer::statement::SelfTestFigures;

use super::SelfTest;
use crate::EdgeError;

/// Attributes without which an image is of no use for research, none of which names anybody.
const TECHNICAL: &[Tag] = &[
    tags::SOP_CLASS_UID,
    tags::MODALITY,
    tags::IMAGE_TYPE,
    tags::MANUFACTURER,
    tags::MANUFACTURER_MODEL_NAME,
    tags::BODY_PART_EXAMINED,
    tags::VIEW_POSITION,
    tags::PATIENT_SEX,
    tags::KVP,
    tags::SLICE_THICKNESS,
    tags::CONVOLUTION_KERNEL,
    tags::X_RAY_TUBE_CURRENT,
    tags::EXPOSURE,
    tags::INSTANCE_NUMBER,
    tags::IMAGE_POSITION_PATIENT,
    tags::IMAGE_ORIENTATION_PATIENT,
    tags::PIXEL_SPACING,
    tags::IMAGER_PIXEL_SPACING,
    tags::PHOTOMETRIC_INTERPRETATION,
    tags::ROWS,
    tags::COLUMNS,
    tags::BITS_STORED,
    tags::PIXEL_REPRESENTATION,
    tags::RESCALE_INTERCEPT,
    tags::RESCALE_SLOPE,
];

/// The technical values of a header.
pub(super) fn technical(data_set: &DataSet) -> Vec<(Tag, String)> {
    TECHNICAL.iter().filter_map(|tag| value(data_set, *tag).map(|value| (*tag, value))).collect()
}

fn value(data_set: &DataSet, tag: Tag) -> Option<String> {
    access::text(data_set, tag).or_else(|| access::integer(data_set, tag).map(|number| number.to_string()))
}

/// How many of these values a finished file still has.
pub(super) fn still_there(before: &[(Tag, String)], output: &[u8]) -> Result<usize, EdgeError> {
    let file = read_without_pixels(output, &Limits::default()).map_err(|e| EdgeError::Refused(e.code()))?;
    let same = |(tag, text): &&(Tag, String)| value(&file.data_set, *tag).as_deref() == Some(text);
    Ok(before.iter().filter(same).count())
}

impl SelfTest {
    /// The run in numbers, as they are shown and sent to the centre.
    pub fn figures(&self, ran_at: Timestamp) -> SelfTestFigures {
        SelfTestFigures {
            ran_at,
            profile: Profile::default_profile().version().to_owned(),
            software: concat!("sumgil-edge ", env!("CARGO_PKG_VERSION")).to_owned(),
            files: self.files as u64,
            cleared: self.cleared as u64,
            kept: self.kept as u64,
            planted: self.planted as u64,
            hidden: self.planted.saturating_sub(self.survived) as u64,
            should_stay: self.should_stay as u64,
            stayed: self.stayed as u64,
        }
    }
}
