//! Why pixels are not decoded. No value of the file is ever part of it.

use crate::{Remedy, frames::FramesError};

/// Why an instance gave no pixels, or took none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PixelsError {
    /// There are none, or frames cannot be told apart.
    #[error(transparent)]
    Frames(#[from] FramesError),
    /// Rows, columns, samples, bits or colour are absent, contradictory or outside the standard.
    #[error("the attributes that describe the pixels are absent or contradict one another")]
    Description,
    /// More pixels in a frame than [`crate::pixels::PixelLimits::max_pixels`].
    #[error("a frame has more than {limit} pixels")]
    TooManyPixels {
        /// The limit.
        limit: u64,
    },
    /// More bytes than [`crate::pixels::PixelLimits::max_bytes`].
    #[error("decoded, the pixels have more than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// A coding that no decoder here reads.
    #[error("cannot decode {0}")]
    Unsupported(&'static str),
    /// The codestream says other rows, columns, samples or bits than the data set.
    #[error("the {coding} codestream is not the image that the data set describes")]
    Mismatch {
        /// The coding.
        coding: &'static str,
    },
    /// The codestream is damaged.
    #[error("the {coding} codestream cannot be decoded")]
    Damaged {
        /// The coding.
        coding: &'static str,
    },
}

impl PixelsError {
    /// Stable machine word for reports and tables.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Frames(_) => "frames",
            Self::Description => "description",
            Self::TooManyPixels { .. } => "too-many-pixels",
            Self::TooLarge { .. } => "too-large",
            Self::Unsupported(_) => "unsupported",
            Self::Mismatch { .. } => "mismatch",
            Self::Damaged { .. } => "damaged",
        }
    }

    /// The input is at fault, unless an operator raises a limit.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::TooManyPixels { .. } | Self::TooLarge { .. } => Remedy::Operator,
            _ => Remedy::Reject,
        }
    }
}
