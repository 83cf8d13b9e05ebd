//! The frames of an instance, as they are stored: native words or encapsulated codestreams, never decoded.

mod encapsulated;
mod native;

use dicom_core::{Tag, value::Value};
use dicom_dictionary_std::tags;
use sumgil_model::{TransferSyntax, Uid};

use crate::{DataSet, Remedy, access};

/// Most frames that are told apart.
const MAX_FRAMES: i64 = 1_000_000;

/// One frame, borrowed from the data set wherever its bytes lie together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    parts: Vec<&'a [u8]>,
    /// Frames of 1-bit pixels may start inside a byte: these are shifted copies.
    shifted: Option<Vec<u8>>,
}

impl<'a> Frame<'a> {
    fn of(parts: Vec<&'a [u8]>) -> Self {
        Self { parts, shifted: None }
    }

    /// The pieces of the frame in order: one, or one a fragment.
    pub fn parts(&self) -> impl Iterator<Item = &[u8]> {
        let shifted = self.shifted.as_deref().into_iter();
        shifted.chain(self.parts.iter().copied())
    }

    /// Length in bytes.
    pub fn size_bytes(&self) -> usize {
        self.parts().map(<[u8]>::len).sum()
    }

    /// The frame in one piece.
    pub fn to_vec(&self) -> Vec<u8> {
        self.parts().collect::<Vec<_>>().concat()
    }
}

/// Why frames cannot be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FramesError {
    /// No Pixel Data, Float Pixel Data or Double Float Pixel Data.
    #[error("the instance has no pixel data")]
    NoPixels,
    /// Rows, columns, bits or the number of frames are absent or make no sense.
    #[error("the attributes that describe the pixels are absent or wrong")]
    Description,
    /// Native pixel data shorter than described.
    #[error("the pixel data are shorter than their description says")]
    TooShort,
    /// Neither offset tables nor codestreams tell where frames start.
    #[error("the fragments cannot be assigned to frames")]
    Boundaries,
}

impl FramesError {
    /// The instance is at fault.
    pub fn remedy(&self) -> Remedy {
        Remedy::Reject
    }
}

/// All frames of an instance.
///
/// Native frames are little endian, whatever the transfer syntax; encapsulated ones are whole codestreams.
/// For video (one stream for all frames) there is a single frame.
///
/// # Errors
/// [`FramesError`] when there are no pixels, or frames cannot be told apart.
pub fn frames<'a>(data_set: &'a DataSet, ts: &Uid<TransferSyntax>) -> Result<Vec<Frame<'a>>, FramesError> {
    let element = pixel_tags().find_map(|tag| data_set.get(tag)).ok_or(FramesError::NoPixels)?;
    match element.value() {
        Value::PixelSequence(pixels) => {
            encapsulated::frames(data_set, pixels, ts, number_of_frames(data_set)?)
        }
        Value::Primitive(dicom_core::PrimitiveValue::U8(bytes)) => {
            native::frames(data_set, bytes, number_of_frames(data_set)?)
        }
        _ => Err(FramesError::NoPixels),
    }
}

/// Whether native pixel data go on behind the frames that are described, and not with zeros only.
pub fn has_hidden_tail(data_set: &DataSet) -> bool {
    let (Some(bytes), Ok(count)) = (access::bytes(data_set, tags::PIXEL_DATA), number_of_frames(data_set))
    else {
        return false;
    };
    let tail = native::described_bytes(data_set, count).and_then(|described| bytes.get(described..));
    tail.is_some_and(|tail| tail.iter().any(|byte| *byte != 0))
}

/// Number of Frames (0028,0008); 1 where it is absent.
///
/// # Errors
/// [`FramesError::Description`] when it is no sensible number.
pub fn number_of_frames(data_set: &DataSet) -> Result<usize, FramesError> {
    let has_value = access::text(data_set, tags::NUMBER_OF_FRAMES).is_some();
    match access::integer(data_set, tags::NUMBER_OF_FRAMES) {
        None if !has_value => Ok(1),
        Some(frames @ 1..=MAX_FRAMES) => Ok(frames as usize),
        _ => Err(FramesError::Description),
    }
}

fn pixel_tags() -> impl Iterator<Item = Tag> {
    [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA].into_iter()
}
