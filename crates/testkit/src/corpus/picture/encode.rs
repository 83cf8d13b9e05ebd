//! Frames to Pixel Data: native in every byte order, RLE, JPEG with and without loss, JPEG 2000.

use std::{fs, process::Command};

use anyhow::{Context, ensure};
use image::{ExtendedColorType, codecs::jpeg::JpegEncoder};
use sumgil_dicom::{
    dicom_core::{PrimitiveValue, VR, value::PixelFragmentSequence},
    dictionary::{tags, uids},
};

use super::{canvas::Canvas, lossless};
use crate::corpus::sheet::Sheet;

/// Retired, and still in archives.
const EXPLICIT_VR_BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

/// How a file stores its pixels, and its data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::corpus) enum Codec {
    Explicit,
    Implicit,
    BigEndian,
    Deflated,
    Rle,
    Jpeg,
    /// Grey only; RLE for colour.
    JpegLossless,
    /// Grey only, by OpenJPEG's `opj_compress`; RLE for colour, and where it is not installed.
    Jpeg2000,
}

/// What the stored values are.
pub(super) struct Stored {
    pub(super) bits: usize,
    pub(super) signed: bool,
    pub(super) photometric: &'static str,
}

impl Codec {
    /// Whether values change a little.
    pub(super) fn is_lossy(self) -> bool {
        self == Self::Jpeg
    }

    /// Puts the frames into the data set; the transfer syntax to write.
    pub(super) fn store(
        self,
        sheet: &mut Sheet,
        frames: &[Canvas],
        stored: &Stored,
    ) -> anyhow::Result<&'static str> {
        describe(sheet, &frames[0], stored);
        let native: Vec<Vec<u8>> = frames.iter().map(|frame| words(frame, stored)).collect();
        let (fragments, syntax) = match self {
            Self::Rle => (rle(frames, stored), uids::RLE_LOSSLESS),
            Self::Jpeg => (jpeg(sheet, frames)?, uids::JPEG_BASELINE8_BIT),
            Self::JpegLossless if frames[0].samples == 1 => {
                (frames.iter().map(|frame| jpeg_lossless(frame, stored)).collect(), uids::JPEG_LOSSLESS_SV1)
            }
            Self::Jpeg2000 if frames[0].samples == 1 => match jpeg2000(frames, stored, &native)? {
                Some(codestreams) => (codestreams, uids::JPEG2000_LOSSLESS),
                None => (rle(frames, stored), uids::RLE_LOSSLESS),
            },
            Self::JpegLossless | Self::Jpeg2000 => (rle(frames, stored), uids::RLE_LOSSLESS),
            _ => {
                let vr = if stored.bits > 8 { VR::OW } else { VR::OB };
                let mut bytes = native.concat();
                bytes.resize(bytes.len().next_multiple_of(2), 0);
                sheet.value(tags::PIXEL_DATA, vr, PrimitiveValue::U8(bytes.into()));
                return Ok(self.native_syntax());
            }
        };
        sheet.value(tags::PIXEL_DATA, VR::OB, PixelFragmentSequence::new(Vec::new(), fragments));
        Ok(syntax)
    }

    /// The transfer syntax of a file without compressed pixels.
    pub(in crate::corpus) fn native_syntax(self) -> &'static str {
        match self {
            Self::Implicit => uids::IMPLICIT_VR_LITTLE_ENDIAN,
            Self::BigEndian => EXPLICIT_VR_BIG_ENDIAN,
            Self::Deflated => uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
            _ => uids::EXPLICIT_VR_LITTLE_ENDIAN,
        }
    }
}

fn describe(sheet: &mut Sheet, frame: &Canvas, stored: &Stored) {
    sheet
        .short(tags::SAMPLES_PER_PIXEL, frame.samples)
        .text(tags::PHOTOMETRIC_INTERPRETATION, stored.photometric)
        .short(tags::ROWS, frame.rows)
        .short(tags::COLUMNS, frame.columns)
        .short(tags::BITS_ALLOCATED, if stored.bits > 8 { 16 } else { 8 })
        .short(tags::BITS_STORED, stored.bits)
        .short(tags::HIGH_BIT, stored.bits - 1)
        .short(tags::PIXEL_REPRESENTATION, usize::from(stored.signed));
    if frame.samples == 3 {
        sheet.short(tags::PLANAR_CONFIGURATION, 0);
    }
}

/// Little-endian words or bytes, pixel by pixel.
fn words(frame: &Canvas, stored: &Stored) -> Vec<u8> {
    let wide = stored.bits > 8;
    let bytes = |value: &i32| (*value as i16).to_le_bytes().into_iter().take(if wide { 2 } else { 1 });
    frame.values.iter().flat_map(bytes).collect()
}

/// One fragment a frame: a segment for each byte of a pixel, the high byte of a word first, red before green.
fn rle(frames: &[Canvas], stored: &Stored) -> Vec<Vec<u8>> {
    let wide = stored.bits > 8;
    let encode = |frame: &Canvas| {
        let mut bytes = words(frame, stored);
        let a_pixel = if wide { 2 } else { frame.samples };
        if !wide {
            // The encoder takes the last byte of a pixel first.
            bytes.chunks_exact_mut(a_pixel).for_each(<[u8]>::reverse);
        }
        sumgil_phantom::encode_rle(&bytes, a_pixel, frame.columns)
    };
    frames.iter().map(encode).collect()
}

fn jpeg(sheet: &mut Sheet, frames: &[Canvas]) -> anyhow::Result<Vec<Vec<u8>>> {
    sheet.text(tags::LOSSY_IMAGE_COMPRESSION, "01").text(tags::LOSSY_IMAGE_COMPRESSION_METHOD, "ISO_10918_1");
    let encode = |frame: &Canvas| {
        let bytes: Vec<u8> = frame.values.iter().map(|value| (*value).clamp(0, 255) as u8).collect();
        let colour = if frame.samples == 3 { ExtendedColorType::Rgb8 } else { ExtendedColorType::L8 };
        let mut out = Vec::new();
        JpegEncoder::new_with_quality(&mut out, 88).encode(
            &bytes,
            frame.columns as u32,
            frame.rows as u32,
            colour,
        )?;
        out.resize(out.len().next_multiple_of(2), 0);
        Ok(out)
    };
    frames.iter().map(encode).collect()
}

fn jpeg_lossless(frame: &Canvas, stored: &Stored) -> Vec<u8> {
    let samples: Vec<u16> = frame.values.iter().map(|value| *value as u16).collect();
    lossless::encode(&samples, frame.columns, frame.rows, stored.bits)
}

/// `None` when the compressor is not installed.
fn jpeg2000(frames: &[Canvas], stored: &Stored, native: &[Vec<u8>]) -> anyhow::Result<Option<Vec<Vec<u8>>>> {
    let dir = tempfile::tempdir()?;
    let (raw, out) = (dir.path().join("in.rawl"), dir.path().join("out.j2k"));
    let mut codestreams = Vec::new();
    for (frame, bytes) in frames.iter().zip(native) {
        fs::write(&raw, bytes)?;
        let sign = if stored.signed { 's' } else { 'u' };
        let format = format!("{},{},1,{},{sign}", frame.columns, frame.rows, stored.bits);
        let run = Command::new("opj_compress")
            .arg("-i")
            .arg(&raw)
            .arg("-o")
            .arg(&out)
            .args(["-F", &format])
            .output();
        let Ok(run) = run else { return Ok(None) };
        ensure!(run.status.success(), "opj_compress failed");
        let mut codestream = fs::read(&out).context("opj_compress wrote nothing")?;
        codestream.resize(codestream.len().next_multiple_of(2), 0);
        codestreams.push(codestream);
    }
    Ok(Some(codestreams))
}
