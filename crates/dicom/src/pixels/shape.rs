//! What the data set says of its pixels (PS3.3 C.7.6.3).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::{PixelLimits, PixelsError};
use crate::{DataSet, access, frames};

/// How samples become colour (PS3.3 C.7.6.3.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Photometric {
    Monochrome1,
    Monochrome2,
    Palette,
    Rgb,
    /// Full range, chrominance for every pixel.
    Ybr,
    /// Full range, chrominance for every second pixel of a row; native data pack it so.
    Ybr422,
    /// JPEG 2000's own transforms: their decoder undoes them.
    YbrOfJpeg2000,
}

impl Photometric {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "MONOCHROME1" => Self::Monochrome1,
            "MONOCHROME2" => Self::Monochrome2,
            "PALETTE COLOR" => Self::Palette,
            "RGB" => Self::Rgb,
            "YBR_FULL" => Self::Ybr,
            "YBR_FULL_422" => Self::Ybr422,
            "YBR_ICT" | "YBR_RCT" => Self::YbrOfJpeg2000,
            _ => return None,
        })
    }

    /// The defined term, as it is written.
    pub(super) fn term(self) -> &'static str {
        match self {
            Self::Monochrome1 => "MONOCHROME1",
            Self::Monochrome2 => "MONOCHROME2",
            Self::Palette => "PALETTE COLOR",
            Self::Rgb | Self::YbrOfJpeg2000 => "RGB",
            Self::Ybr | Self::Ybr422 => "YBR_FULL",
        }
    }

    /// Luminance and chrominance as stored samples.
    pub(super) fn is_ybr(self) -> bool {
        matches!(self, Self::Ybr | Self::Ybr422)
    }
}

/// Geometry and meaning of the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) frames: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// 1 or 3.
    pub(super) samples: usize,
    /// 1, 8, 16 or 32.
    pub(super) bits_allocated: u32,
    pub(super) bits_stored: u32,
    pub(super) high_bit: u32,
    pub(super) signed: bool,
    pub(super) photometric: Photometric,
    /// Colour by plane, not by pixel.
    pub(super) planar: bool,
}

impl Shape {
    /// Reads and checks the description.
    pub(super) fn of(data_set: &DataSet, limits: &PixelLimits) -> Result<Self, PixelsError> {
        let bits_allocated = required(data_set, tags::BITS_ALLOCATED)? as u32;
        let bits_stored = optional(data_set, tags::BITS_STORED).map_or(bits_allocated, |bits| bits as u32);
        let samples = optional(data_set, tags::SAMPLES_PER_PIXEL).unwrap_or(1);
        let shape = Self {
            frames: frames::number_of_frames(data_set)?,
            rows: required(data_set, tags::ROWS)?,
            columns: required(data_set, tags::COLUMNS)?,
            samples,
            bits_allocated,
            bits_stored,
            high_bit: optional(data_set, tags::HIGH_BIT)
                .map_or(bits_stored.saturating_sub(1), |bit| bit as u32),
            signed: optional(data_set, tags::PIXEL_REPRESENTATION) == Some(1),
            photometric: photometric(data_set, samples)?,
            planar: samples > 1 && optional(data_set, tags::PLANAR_CONFIGURATION) == Some(1),
        };
        shape.checked()?.within(limits)
    }

    fn checked(self) -> Result<Self, PixelsError> {
        if !matches!(self.bits_allocated, 1 | 8 | 16 | 32) {
            return Err(PixelsError::Unsupported("this number of allocated bits"));
        }
        let is_word = (1..=self.bits_allocated).contains(&self.bits_stored)
            && self.high_bit < self.bits_allocated
            && self.high_bit + 1 >= self.bits_stored;
        let is_colour = !matches!(
            self.photometric,
            Photometric::Monochrome1 | Photometric::Monochrome2 | Photometric::Palette
        );
        let has_samples = self.samples == if is_colour { 3 } else { 1 };
        let is_possible = !is_colour || self.bits_allocated > 1;
        if is_word && has_samples && is_possible { Ok(self) } else { Err(PixelsError::Description) }
    }

    fn within(self, limits: &PixelLimits) -> Result<Self, PixelsError> {
        let pixels = (self.rows as u64).saturating_mul(self.columns as u64);
        if pixels > limits.max_pixels {
            return Err(PixelsError::TooManyPixels { limit: limits.max_pixels });
        }
        let words = pixels.saturating_mul(self.samples as u64).saturating_mul(self.frames as u64);
        let bytes = words.saturating_mul(self.word_bytes() as u64);
        if bytes > limits.max_bytes.min(isize::MAX as u64) {
            return Err(PixelsError::TooLarge { limit: limits.max_bytes });
        }
        Ok(self)
    }

    /// Bytes of one sample in memory; single bits have a byte each.
    pub(super) fn word_bytes(&self) -> usize {
        self.bits_allocated.div_ceil(8) as usize
    }

    pub(super) fn frame_pixels(&self) -> usize {
        self.rows * self.columns
    }

    pub(super) fn frame_samples(&self) -> usize {
        self.frame_pixels() * self.samples
    }

    pub(super) fn frame_bytes(&self) -> usize {
        self.frame_samples() * self.word_bytes()
    }

    /// Where in a frame a sample lies, counted in samples.
    pub(super) fn at(&self, row: usize, column: usize, sample: usize) -> usize {
        let pixel = row * self.columns + column;
        if self.planar { sample * self.frame_pixels() + pixel } else { pixel * self.samples + sample }
    }
}

fn photometric(data_set: &DataSet, samples: usize) -> Result<Photometric, PixelsError> {
    match access::text(data_set, tags::PHOTOMETRIC_INTERPRETATION) {
        Some(text) => Photometric::parse(&text).ok_or(PixelsError::Unsupported("this colour model")),
        None if samples == 1 => Ok(Photometric::Monochrome2),
        None => Ok(Photometric::Rgb),
    }
}

fn optional(data_set: &DataSet, tag: Tag) -> Option<usize> {
    access::integer(data_set, tag).and_then(|number| usize::try_from(number).ok())
}

fn required(data_set: &DataSet, tag: Tag) -> Result<usize, PixelsError> {
    let number = optional(data_set, tag).filter(|number| (1..=usize::from(u16::MAX)).contains(number));
    number.ok_or(PixelsError::Description)
}
