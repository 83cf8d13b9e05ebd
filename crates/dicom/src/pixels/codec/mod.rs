//! Codestreams to samples: one file a coding. Each compares the header of the codestream with the data set
//! before it lets a decoder allocate.

mod deflated;
mod jpeg;
mod jpeg2000;
mod jpeg_ls;
mod jpeg_xl;
mod marker;
mod rle;

use std::panic::{AssertUnwindSafe, catch_unwind};

use sumgil_model::{TransferSyntax, Uid};

use super::{PixelsError, place::Placed, shape::Shape};

/// How frames are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Rle,
    Jpeg,
    JpegLs,
    /// With or without high throughput: the codestream tells.
    Jpeg2000,
    JpegXl,
    Deflated,
}

impl Coding {
    /// The coding of encapsulated frames in this transfer syntax.
    pub(super) fn of(ts: &Uid<TransferSyntax>) -> Result<Self, PixelsError> {
        let uid = ts.as_str();
        match uid {
            "1.2.840.10008.1.2.5" => return Ok(Self::Rle),
            "1.2.840.10008.1.2.8.1" => return Ok(Self::Deflated),
            _ => {}
        }
        let number = uid.strip_prefix("1.2.840.10008.1.2.4.").and_then(|number| number.parse::<u16>().ok());
        match number {
            Some(50..=66 | 70) => Ok(Self::Jpeg),
            Some(80 | 81) => Ok(Self::JpegLs),
            Some(90..=93 | 201..=203) => Ok(Self::Jpeg2000),
            Some(110..=112) => Ok(Self::JpegXl),
            Some(100..=108) => Err(PixelsError::Unsupported("video")),
            _ => Err(PixelsError::Unsupported("this transfer syntax")),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Rle => rle::NAME,
            Self::Jpeg => jpeg::NAME,
            Self::JpegLs => jpeg_ls::NAME,
            Self::Jpeg2000 => jpeg2000::NAME,
            Self::JpegXl => jpeg_xl::NAME,
            Self::Deflated => deflated::NAME,
        }
    }

    /// Most bytes that one coded byte can stand for: what declares more is not worth the memory.
    fn bytes_a_byte(self) -> usize {
        match self {
            Self::Rle => 64,
            // two bits a block of 64 samples
            Self::Jpeg => 512,
            // eight runs of 32768
            Self::JpegLs => 1 << 19,
            Self::Deflated => 1 << 11,
            Self::Jpeg2000 | Self::JpegXl => 1 << 17,
        }
    }

    /// Decodes one frame. Whatever a decoder does with hostile bytes, the answer is a frame or an error.
    pub(super) fn decode(self, bytes: &[u8], shape: &Shape) -> Result<Placed, PixelsError> {
        let declared = shape.frame_samples() * shape.bits_allocated as usize / 8;
        if bytes.len().saturating_mul(self.bytes_a_byte()) < declared {
            return Err(PixelsError::Damaged { coding: self.name() });
        }
        let decoder = match self {
            Self::Rle => rle::decode,
            Self::Jpeg => jpeg::decode,
            Self::JpegLs => jpeg_ls::decode,
            Self::Jpeg2000 => jpeg2000::decode,
            Self::JpegXl => jpeg_xl::decode,
            Self::Deflated => deflated::decode,
        };
        catch_unwind(AssertUnwindSafe(|| decoder(bytes, shape)))
            .unwrap_or(Err(PixelsError::Damaged { coding: self.name() }))
    }
}
