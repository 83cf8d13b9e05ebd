//! The pixels of an instance in memory.

use dicom_core::value::Value;
use dicom_dictionary_std::tags;
use sumgil_model::{TransferSyntax, Uid};

use super::{
    PixelLimits, PixelsError,
    codec::Coding,
    palette::Palette,
    place::{Placed, place_native},
    range::{Padding, extremes},
    shape::Shape,
    word::Layout,
};
use crate::{DataSet, access, frames, frames::FramesError};

/// GE's private syntax: little endian but for the words of the pixel data.
const GE_PRIVATE: &str = "1.2.840.113619.5.2";

/// All frames of an instance, decoded; from [`decode`].
#[derive(Clone, Debug)]
pub struct Pixels {
    pub(super) shape: Shape,
    /// Little-endian words, frame after frame.
    pub(super) words: Vec<u8>,
    /// The transfer syntax to write in, when the pixels came in it as they are here.
    pub(super) native: Option<Uid<TransferSyntax>>,
    pub(super) padding: Option<Padding>,
    pub(super) palette: Option<Palette>,
    /// Whether bits above the stored ones may be overlays.
    pub(super) has_overlays_in_words: bool,
    /// Lowest and highest number, learned before the first change.
    pub(super) extremes: Option<(i32, i32)>,
    pub(super) changed: bool,
}

/// Decodes all frames.
///
/// # Errors
/// [`PixelsError`] when there are no pixels, they exceed `limits`, are damaged, are not what the data set
/// describes, or are coded in a way that is not supported.
pub fn decode(
    data_set: &DataSet,
    ts: &Uid<TransferSyntax>,
    limits: &PixelLimits,
) -> Result<Pixels, PixelsError> {
    let element = data_set.get(tags::PIXEL_DATA).ok_or_else(|| no_integers(data_set))?;
    let described = Shape::of(data_set, limits)?;
    let is_encapsulated = matches!(element.value(), Value::PixelSequence(_));
    let coding = if is_encapsulated { Some(Coding::of(ts)?) } else { None };
    let (mut words, shape) = all_frames(data_set, ts, coding, described)?;
    let is_swapped = !is_encapsulated && ts.as_str() == GE_PRIVATE;
    if is_swapped {
        words.chunks_exact_mut(shape.word_bytes()).for_each(<[u8]>::reverse);
    }
    let is_as_before = !is_encapsulated && !is_swapped && shape == described;
    Ok(Pixels {
        words,
        native: is_as_before.then(|| ts.clone()),
        padding: Padding::of(data_set, Layout::of(&shape)),
        palette: Palette::of(data_set),
        has_overlays_in_words: has_overlays_in_words(data_set),
        extremes: None,
        changed: false,
        shape,
    })
}

/// The words of all frames, and the shape that they have now.
fn all_frames(
    data_set: &DataSet,
    ts: &Uid<TransferSyntax>,
    coding: Option<Coding>,
    described: Shape,
) -> Result<(Vec<u8>, Shape), PixelsError> {
    let pieces = frames::frames(data_set, ts)?;
    if pieces.len() != described.frames {
        return Err(PixelsError::Frames(FramesError::Boundaries));
    }
    let (mut words, mut shape) = (Vec::new(), described);
    for (index, piece) in pieces.iter().enumerate() {
        let placed = match coding {
            Some(coding) => coding.decode(&piece.to_vec(), &described)?,
            None => place_native(&described, &piece.to_vec())?,
        };
        let now = Shape { photometric: placed.photometric, planar: placed.planar, ..described };
        if index > 0 && now != shape {
            return Err(PixelsError::Description);
        }
        shape = now;
        append(&mut words, placed, &shape);
    }
    Ok((words, shape))
}

/// The first frame makes room for all, so that a damaged one costs no more than itself.
fn append(words: &mut Vec<u8>, placed: Placed, shape: &Shape) {
    if words.is_empty() {
        *words = placed.words;
        words.reserve_exact(shape.frame_bytes() * (shape.frames - 1));
    } else {
        words.extend_from_slice(&placed.words);
    }
}

/// Floating-point pixels are no stored values.
fn no_integers(data_set: &DataSet) -> PixelsError {
    let is_float = [tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA].iter();
    if is_float.filter_map(|tag| data_set.get(*tag)).next().is_some() {
        PixelsError::Unsupported("floating-point pixels")
    } else {
        PixelsError::Frames(FramesError::NoPixels)
    }
}

/// Overlay Bit Position (60xx,0102) that is not 0 points into the pixel words.
fn has_overlays_in_words(data_set: &DataSet) -> bool {
    let positions = data_set.tags().filter(|tag| tag.0 & 0xFF00 == 0x6000 && tag.1 == 0x0102);
    positions.into_iter().any(|tag| access::integer(data_set, tag).is_some_and(|bit| bit != 0))
}

impl Pixels {
    /// Number of frames.
    pub fn frames(&self) -> usize {
        self.shape.frames
    }

    /// Rows of a frame.
    pub fn rows(&self) -> usize {
        self.shape.rows
    }

    /// Columns of a frame.
    pub fn columns(&self) -> usize {
        self.shape.columns
    }

    /// Whether anything was blacked out.
    pub fn is_changed(&self) -> bool {
        self.changed
    }

    /// The words of a frame; empty behind the last.
    pub(super) fn frame_words(&self, frame: usize) -> &[u8] {
        let start = frame.saturating_mul(self.shape.frame_bytes());
        self.words.get(start..).and_then(|rest| rest.get(..self.shape.frame_bytes())).unwrap_or_default()
    }

    /// The numbers of a frame in stored order; empty behind the last.
    pub(super) fn frame_values(&self, frame: usize) -> Vec<i32> {
        Layout::of(&self.shape).values(self.frame_words(frame))
    }

    /// The lowest and the highest number of all frames, as they were before anything was blacked out.
    pub(super) fn extremes(&mut self) -> (i32, i32) {
        *self.extremes.get_or_insert_with(|| {
            let layout = Layout::of(&self.shape);
            let frames = self.words.chunks(self.shape.frame_bytes().max(1));
            extremes(frames.flat_map(|frame| layout.values(frame)))
        })
    }
}
