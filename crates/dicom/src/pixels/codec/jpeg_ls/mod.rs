//! JPEG-LS (ITU-T T.87), lossless and near-lossless, in one scan or several, every interleaving.
//!
//! Our own: the Rust libraries at hand read one component only, and colour of ultrasound and of screen captures
//! is coded so.

mod bits;
mod model;
mod parameters;
mod sample;
mod scan;

use super::{PixelsError, Placed, Shape, marker::header};
use crate::pixels::{
    place::{Coded, place},
    shape::Photometric,
};
use parameters::{Parameters, Preset};

pub(super) const NAME: &str = "JPEG-LS";
const DAMAGED: PixelsError = PixelsError::Damaged { coding: NAME };

/// How components share a scan (T.87 C.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Interleave {
    None,
    Line,
    Sample,
}

pub(super) fn decode(bytes: &[u8], shape: &Shape) -> Result<Placed, PixelsError> {
    let header = header(bytes).ok_or(DAMAGED)?;
    let is_described = header.frame == 0xF7
        && (header.rows, header.columns, header.components.len())
            == (shape.rows, shape.columns, shape.samples);
    if !is_described || !(2..=16).contains(&header.bits) {
        return Err(PixelsError::Mismatch { coding: NAME });
    }
    if header.restarts != 0 {
        return Err(PixelsError::Unsupported("JPEG-LS with restarts"));
    }
    let mut image = Image::new(shape, header.bits);
    image.read(bytes, &header.components)?;
    let photometric =
        if shape.photometric == Photometric::Ybr422 { Photometric::Ybr } else { shape.photometric };
    let coded = Coded { coding: NAME, bits: header.bits, photometric };
    place(shape, coded, image.samples.into_iter().map(i32::from))
}

/// Samples pixel by pixel, filled scan by scan.
struct Image {
    columns: usize,
    components: usize,
    bits: u32,
    samples: Vec<u16>,
    is_filled: Vec<bool>,
}

impl Image {
    fn new(shape: &Shape, bits: u32) -> Self {
        Self {
            columns: shape.columns,
            components: shape.samples,
            bits,
            samples: vec![0; shape.frame_samples()],
            is_filled: vec![false; shape.samples],
        }
    }

    /// Walks the segments and decodes every scan.
    fn read(&mut self, bytes: &[u8], components: &[u8]) -> Result<(), PixelsError> {
        let mut preset = Preset::default();
        let mut rest = bytes.get(2..).ok_or(DAMAGED)?;
        while !self.is_filled.iter().all(|is_filled| *is_filled) {
            let [0xFF, marker, ..] = *rest else { return Err(DAMAGED) };
            if marker == 0xFF {
                rest = rest.get(1..).ok_or(DAMAGED)?;
                continue;
            }
            let length = rest.get(2..).and_then(|length| length.first_chunk()).ok_or(DAMAGED)?;
            let end = 2 + usize::from(u16::from_be_bytes(*length));
            let segment = rest.get(4..end).ok_or(DAMAGED)?;
            rest = rest.get(end..).ok_or(DAMAGED)?;
            match marker {
                0xF8 => preset = Preset::read(segment)?,
                0xF7 => refuse_subsampling(segment)?,
                0xE8 => refuse_colour_transform(segment)?,
                0xDA => rest = self.scan(segment, rest, components, preset)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Decodes one scan; what follows it.
    fn scan<'a>(
        &mut self,
        segment: &[u8],
        rest: &'a [u8],
        components: &[u8],
        preset: Preset,
    ) -> Result<&'a [u8], PixelsError> {
        let count = usize::from(*segment.first().ok_or(DAMAGED)?);
        let named = segment.get(1..1 + 2 * count).ok_or(DAMAGED)?;
        let [near, interleave, transform] =
            *segment.get(1 + 2 * count..).and_then(|end| end.first_chunk()).ok_or(DAMAGED)?;
        if transform & 0xF != 0 || named.iter().skip(1).step_by(2).any(|table| *table != 0) {
            return Err(PixelsError::Unsupported("JPEG-LS with tables or point transform"));
        }
        let place = |id: &u8| components.iter().position(|component| component == id);
        let targets: Option<Vec<usize>> = named.iter().step_by(2).map(place).collect();
        let targets = targets.filter(|targets| is_new(targets, &self.is_filled)).ok_or(DAMAGED)?;
        let interleave = match (interleave, count) {
            (0..=2, 1) => Interleave::None,
            (1, _) => Interleave::Line,
            (2, _) => Interleave::Sample,
            _ => return Err(DAMAGED),
        };
        let parameters = Parameters::of(self.bits, i32::from(near), preset).ok_or(DAMAGED)?;
        let (coded, after) = rest.split_at(entropy_coded(rest));
        let mut scan = scan::Scan::new(parameters, coded, self.columns, targets.len());
        for line in self.samples.chunks_exact_mut(self.columns * self.components) {
            scan.line(interleave, line, &targets, self.components).ok_or(DAMAGED)?;
        }
        targets.iter().for_each(|target| self.is_filled[*target] = true);
        Ok(after)
    }
}

/// Each component comes once.
fn is_new(targets: &[usize], is_filled: &[bool]) -> bool {
    let is_first = |(at, target): (usize, &usize)| !is_filled[*target] && !targets[..at].contains(target);
    !targets.is_empty() && targets.iter().enumerate().all(is_first)
}

/// Length of the entropy-coded bytes: up to a marker, whose second byte has its highest bit set.
fn entropy_coded(bytes: &[u8]) -> usize {
    let is_marker = |two: &[u8]| two[0] == 0xFF && two[1] >= 0x80;
    bytes.windows(2).position(is_marker).unwrap_or(bytes.len())
}

fn refuse_subsampling(frame: &[u8]) -> Result<(), PixelsError> {
    let mut factors = frame.get(7..).ok_or(DAMAGED)?.iter().step_by(3);
    match factors.all(|factor| *factor == 0x11) {
        true => Ok(()),
        false => Err(PixelsError::Unsupported("subsampled JPEG-LS")),
    }
}

/// Hewlett-Packard's extension, which DICOM does not allow.
fn refuse_colour_transform(application: &[u8]) -> Result<(), PixelsError> {
    let transform = application.strip_prefix(b"mrfx").and_then(|rest| rest.first().copied());
    match transform {
        Some(1..) => Err(PixelsError::Unsupported("JPEG-LS with a colour transform")),
        _ => Ok(()),
    }
}
