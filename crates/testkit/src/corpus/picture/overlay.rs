//! An overlay plane (60xx) with a name drawn in it.

use sumgil_dicom::dicom_core::{PrimitiveValue, Tag, VR};

use super::faces::Faces;
use crate::corpus::{
    chance::Chance,
    key::{Action, Item},
    sheet::{Sheet, hex},
};

/// Puts an overlay of the image's size with `text` into the data set.
pub(in crate::corpus) fn overlay(
    sheet: &mut Sheet,
    (columns, rows): (usize, usize),
    text: &str,
    faces: &Faces,
    chance: &mut Chance,
) {
    let group = *chance.pick(&[0x6000_u16, 0x6002, 0x6004]);
    let height = chance.size(15, 30);
    let Some(ink) = faces.draw(text, height as f32, chance) else { return };
    if ink.width + 60 > columns || ink.height + 60 > rows {
        return;
    }
    let (left, top) = (chance.size(4, columns - ink.width - 4), chance.size(4, rows - ink.height - 4));
    let mut bits = vec![0_u8; (columns * rows).div_ceil(16) * 2];
    for y in 0..ink.height {
        for x in (0..ink.width).filter(|x| ink.coverage[y * ink.width + x] > 110) {
            let bit = (top + y) * columns + left + x;
            bits[bit / 8] |= 1 << (bit % 8);
        }
    }
    let tag = |element| Tag(group, element);
    sheet.short(tag(0x0010), rows).short(tag(0x0011), columns).put(tag(0x0040), VR::CS, "G");
    sheet.value(tag(0x0050), VR::SS, PrimitiveValue::I16([1, 1].as_slice().into()));
    sheet.short(tag(0x0100), 1).short(tag(0x0102), 0);
    sheet.value(tag(0x3000), VR::OW, PrimitiveValue::U8(bits.into()));
    let mut item = Item::new(hex(tag(0x3000)), "name", text, Action::OverlayHidden);
    item.rect = format!("0,{left},{top},{},{}", ink.width, ink.height);
    sheet.line(item);
}
