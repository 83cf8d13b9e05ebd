//! Overlay planes (60xx): text among their bits is cleared, the rest stays (PS3.15 E.3.3, Clean Graphics).

use sumgil_dicom::{
    DataSet, access,
    dicom_core::{DataElement, PrimitiveValue, Tag, VR},
};

use super::detect::{Detector, Grey, POSSIBLE};
use crate::actions::{Deed, Evidence, Rule};

const ROWS: u16 = 0x0010;
const COLUMNS: u16 = 0x0011;
const FRAMES: u16 = 0x0015;
const DATA: u16 = 0x3000;
/// Most pixels of a plane, all its frames together.
const MOST_PIXELS: usize = 1 << 28;
/// Cleared around found text, in parts of its height.
const MARGIN_PARTS: usize = 2;

/// Clears text in every overlay plane of the data set. A plane whose bits lie in the pixel data, or that cannot be
/// looked at, goes whole.
pub(crate) fn clean_overlays(data_set: &mut DataSet, evidence: &mut Evidence) {
    let groups: Vec<u16> = (0..16).map(|n| 0x6000 + 2 * n).collect();
    for group in groups {
        let present = data_set.tags().any(|tag| tag.0 == group);
        if !present {
            continue;
        }
        match cleaned_plane(data_set, group) {
            Some(Plane::Clean) => {}
            Some(Plane::Cleared(bytes)) => {
                let vr = data_set.get(Tag(group, DATA)).map_or(VR::OW, |element| element.vr());
                data_set.put(DataElement::new(Tag(group, DATA), vr, PrimitiveValue::from(bytes)));
                evidence.add(Tag(group, DATA), Deed::Cleaned, Rule::Overlay);
            }
            None => {
                let all: Vec<Tag> = data_set.tags().filter(|tag| tag.0 == group).collect();
                all.into_iter().for_each(|tag| {
                    data_set.remove_element(tag);
                });
                evidence.add(Tag(group, DATA), Deed::Removed, Rule::Overlay);
            }
        }
    }
}

enum Plane {
    Clean,
    Cleared(Vec<u8>),
}

fn cleaned_plane(data_set: &DataSet, group: u16) -> Option<Plane> {
    let number =
        |element| access::integer(data_set, Tag(group, element)).and_then(|n| usize::try_from(n).ok());
    let (rows, columns, frames) = (number(ROWS)?, number(COLUMNS)?, number(FRAMES).unwrap_or(1).max(1));
    let pixels = rows.checked_mul(columns)?;
    let all = pixels.checked_mul(frames).filter(|all| (1..=MOST_PIXELS).contains(all))?;
    let bytes = access::bytes(data_set, Tag(group, DATA)).filter(|bytes| bytes.len() * 8 >= all)?;
    let mut cleared = bytes[..all.div_ceil(8)].to_vec();
    // nothing may stand behind the plane
    cleared.resize(all.div_ceil(8).next_multiple_of(2), 0);
    let mut changed = false;
    for frame in 0..frames {
        changed |= clear_frame(&mut cleared, frame * pixels, rows, columns);
    }
    let longer = bytes.len() > cleared.len();
    Some(if changed || longer { Plane::Cleared(cleared) } else { Plane::Clean })
}

/// Clears the text of one frame that starts at bit `from`.
fn clear_frame(bits: &mut [u8], from: usize, rows: usize, columns: usize) -> bool {
    let get = |bits: &[u8], at: usize| bits.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1);
    let grey: Vec<u8> = (0..rows * columns).map(|at| if get(bits, from + at) { 255 } else { 0 }).collect();
    let image = Grey { width: columns, height: rows, pixels: &grey };
    let found: Vec<_> =
        Detector::shipped().find(&image).into_iter().filter(|found| found.confidence >= POSSIBLE).collect();
    for found in &found {
        let margin = (found.height as usize / MARGIN_PARTS).max(2);
        let (x, y) = (found.x as usize, found.y as usize);
        let (width, height) = (found.width as usize, found.height as usize);
        for row in y.saturating_sub(margin)..(y + height + margin).min(rows) {
            for column in x.saturating_sub(margin)..(x + width + margin).min(columns) {
                let at = from + row * columns + column;
                if let Some(byte) = bits.get_mut(at / 8) {
                    *byte &= !(1 << (at % 8));
                }
            }
        }
    }
    !found.is_empty()
}
