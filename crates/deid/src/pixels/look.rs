//! One image looked at: decoded, every frame searched for text, what is found blacked out in stored values.

use std::collections::BTreeSet;

use sumgil_dicom::{
    DataSet,
    pixels::{PixelLimits, Pixels, Region, decode},
};
use sumgil_model::{TransferSyntax, Uid};

use super::{
    detect::{CERTAIN, Detector, Found, Grey, POSSIBLE},
    tight::parts,
    zones::Zones,
};
use crate::Reason;

/// Most bytes of decoded pixels, all frames together.
const LIMITS: PixelLimits = PixelLimits { max_pixels: 1 << 27, max_bytes: 2 << 30 };
/// Around each found line, this part of its height is blacked out as well, and at least [`LEAST_MARGIN`] pixels.
const MARGIN_PARTS: u32 = 4;
const LEAST_MARGIN: u32 = 3;
/// Regions of all frames together from which an image is no longer text on a picture: a person has to look.
const MOST_REGIONS: usize = 20_000;

/// What may be text is hidden as well, as long as it takes no more than this part of the image, in hundredths: all doubts of all
/// frames together. More of it, and a person has to say what is lost.
const MOST_DOUBT_HUNDREDTHS: u64 = 6;

/// What was found in an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Where text is, margins included; what is blacked out unless a person says otherwise.
    pub regions: Vec<Region>,
    /// Where something may be text, and hiding it would cost much of the image: it waits for a person.
    pub doubtful: Vec<Region>,
}

/// An image that was looked at.
pub(crate) struct Seen {
    pub(crate) pixels: Pixels,
    pub(crate) findings: Findings,
}

/// Looks for text in the pixels of an instance.
///
/// # Errors
/// [`Reason`] `pixels-unreadable` when they cannot be decoded.
pub fn find_text(data_set: &DataSet, ts: &Uid<TransferSyntax>) -> Result<Findings, Reason> {
    look(data_set, ts).map(|seen| seen.findings)
}

/// Decodes and looks.
pub(crate) fn look(data_set: &DataSet, ts: &Uid<TransferSyntax>) -> Result<Seen, Reason> {
    let pixels = open(data_set, ts)?;
    let zones = Zones::of(data_set);
    let mut findings = Findings::default();
    for frame in 0..pixels.frames() {
        look_at_frame(&pixels, frame, &zones, &mut findings);
        if findings.regions.len() + findings.doubtful.len() > MOST_REGIONS {
            return Err(Reason::new("pixels-too-many-findings", "more is found than text on a picture"));
        }
    }
    settle(&mut findings, pixels.frames());
    hide_small_doubts(&mut findings, pixels.rows() as u64 * pixels.columns() as u64);
    Ok(Seen { pixels, findings })
}

fn open(data_set: &DataSet, ts: &Uid<TransferSyntax>) -> Result<Pixels, Reason> {
    decode(data_set, ts, &LIMITS)
        .map_err(|error| Reason::new("pixels-unreadable", format!("the pixels cannot be looked at: {error}")))
}

fn look_at_frame(pixels: &Pixels, frame: usize, zones: &Zones, findings: &mut Findings) {
    let grey = pixels.grey(frame);
    let image = Grey { width: grey.width, height: grey.height, pixels: &grey.pixels };
    for found in Detector::shipped().find(&image).into_iter().flat_map(|found| parts(&image, found)) {
        let region = with_margin(&found, frame, image.width as u32, image.height as u32);
        let least = if zones.hold(&region) { POSSIBLE } else { CERTAIN };
        if found.confidence >= least {
            findings.regions.push(region);
        } else if found.confidence >= POSSIBLE {
            findings.doubtful.push(region);
        }
    }
}

fn with_margin(found: &Found, frame: usize, width: u32, height: u32) -> Region {
    let margin = (found.height.min(found.width) / MARGIN_PARTS).max(LEAST_MARGIN);
    let (x, y) = (found.x.saturating_sub(margin), found.y.saturating_sub(margin));
    let right = found.x.saturating_add(found.width).saturating_add(margin).min(width);
    let bottom = found.y.saturating_add(found.height).saturating_add(margin).min(height);
    Region {
        frame: Some(frame as u32),
        x,
        y,
        width: right.saturating_sub(x),
        height: bottom.saturating_sub(y),
    }
}

/// Text that stands on one frame of several is hidden on all: overlays of a console stand still, and are the harder to
/// see on some frames. Doubts that a certain region covers are none.
fn settle(findings: &mut Findings, frames: usize) {
    let everywhere = |regions: &mut Vec<Region>| {
        regions.iter_mut().for_each(|region| region.frame = None);
        regions.sort_unstable();
        regions.dedup();
    };
    if frames >= 1 {
        everywhere(&mut findings.regions);
        everywhere(&mut findings.doubtful);
    }
    let regions = &findings.regions;
    findings.doubtful.retain(|doubt| !regions.iter().any(|region| covers(region, doubt)));
}

/// Doubts that take little of an image are hidden without asking: a technologist's initials are worth more than the
/// corner that they stand in.
fn hide_small_doubts(findings: &mut Findings, image: u64) {
    if united(&findings.doubtful) * 100 <= image * MOST_DOUBT_HUNDREDTHS {
        findings.regions.append(&mut findings.doubtful);
        findings.regions.sort_unstable();
    }
}

/// Pixels that the regions cover together, counted in squares of 8 pixels a side: what stands on every frame of
/// a film is found many times.
fn united(regions: &[Region]) -> u64 {
    const SQUARE: u32 = 8;
    let squares = |start: u32, length: u32| start / SQUARE..(start.saturating_add(length)).div_ceil(SQUARE);
    let covered: BTreeSet<(u32, u32)> = regions
        .iter()
        .flat_map(|region| {
            let columns = squares(region.x, region.width);
            squares(region.y, region.height)
                .flat_map(move |row| columns.clone().map(move |column| (row, column)))
        })
        .collect();
    covered.len() as u64 * u64::from(SQUARE * SQUARE)
}

/// Whether `region` covers at least three quarters of `doubt`.
fn covers(region: &Region, doubt: &Region) -> bool {
    let overlap = |a: u32, a_len: u32, b: u32, b_len: u32| {
        u64::from((a + a_len).min(b + b_len).saturating_sub(a.max(b)))
    };
    let common = overlap(region.x, region.width, doubt.x, doubt.width)
        * overlap(region.y, region.height, doubt.y, doubt.height);
    common * 4 >= u64::from(doubt.width) * u64::from(doubt.height) * 3
}

/// Blacks out `regions` and writes the pixels back. Returns the transfer syntax to write.
///
/// # Errors
/// [`Reason`] `pixels-unreadable`.
pub(crate) fn hide(
    seen: Option<Pixels>,
    regions: &[Region],
    data_set: &mut DataSet,
    ts: &Uid<TransferSyntax>,
) -> Result<Uid<TransferSyntax>, Reason> {
    if regions.is_empty() {
        return Ok(ts.clone());
    }
    let mut pixels = match seen {
        Some(pixels) => pixels,
        None => open(data_set, ts)?,
    };
    regions.iter().for_each(|region| pixels.black_out(region));
    pixels
        .put_into(data_set)
        .map_err(|error| Reason::new("pixels-unreadable", format!("the pixels cannot be written: {error}")))
}
