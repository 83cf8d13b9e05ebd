//! Private blocks: safe ones of the standard's list, the same numbers under another creator, and blocks that
//! hide identifiers in every form: text, unknown VR, binary, nested.

use sumgil_dicom::{
    DataSet,
    dicom_core::{PrimitiveValue, Tag, VR},
    dictionary::tags,
};

use super::{
    header::Place,
    key::{Action, Item},
    sheet::Sheet,
    speaker::Speaker,
};

/// Creator, group, element, VR and value of safe attributes (PS3.15 table E.3.10-1).
const SAFE: [(&str, u16, u8, VR, &str); 12] = [
    ("GEMS_PARM_01", 0x0043, 0x27, VR::SH, "1.531:1"),
    ("GEMS_ACQU_01", 0x0019, 0x27, VR::DS, "0.350"),
    ("ELSCINT1", 0x00E1, 0x21, VR::DS, "331.7"),
    ("ELSCINT1", 0x00E1, 0x50, VR::DS, "4.02"),
    ("ELSCINT1", 0x01F1, 0x01, VR::CS, "HELIX"),
    ("ELSCINT1", 0x01E1, 0x26, VR::CS, "BODY"),
    ("HOLOGIC, Inc.", 0x7E01, 0x01, VR::LO, "V1.2.0"),
    ("NQHeader", 0x0099, 0x20, VR::SH, "mm3"),
    ("Philips Imaging DD 002", 0x2001, 0x03, VR::CS, "RANK"),
    ("Philips Imaging DD 002", 0x2001, 0x07, VR::CS, "POWER"),
    ("SIEMENS Ultrasound SC2000", 0x0119, 0x00, VR::LO, "2.01"),
    ("GEMS_ACQU_01", 0x0019, 0x24, VR::DS, "7.75"),
];

/// Creators that look like safe ones and are none.
const ALIKE: [&str; 5] = ["GEMS_PARM_99", "ELSCINT2", "PHILIPS IMAGING DD 002", "Hologic Inc", "NQ Header"];

const UNSAFE: [(&str, u16); 8] = [
    ("FUJI PHOTO FILM Co., ltd.", 0x0021),
    ("TOSHIBA_MEC_CT3", 0x7005),
    ("CARESTREAM IMAGE ENHANCEMENT", 0x0029),
    ("KONICA1.0", 0x0031),
    ("TECHHEIM V1", 0x0013),
    ("SPI-P Release 1", 0x0009),
    ("RAYENCE XMARU", 0x0055),
    ("PIXEL.BRIDGE 2", 0x0067),
];

/// Plants private blocks.
pub(super) fn plant(place: &Place<'_>, speaker: &mut Speaker<'_>, sheet: &mut Sheet) {
    let safe = *speaker.chance.pick(&SAFE);
    safe_block(safe, speaker, sheet);
    for _ in 0..2 {
        let (creator, group) = *speaker.chance.pick(&UNSAFE);
        if !sheet.has(Tag(group, 0x0010)) {
            unsafe_block(creator, group, speaker, sheet);
        }
    }
    if speaker.chance.is(0.6) {
        snapshot(place, sheet);
    }
    if speaker.chance.is(0.3) {
        unknown_items(place, sheet);
    }
}

fn safe_block(safe: (&str, u16, u8, VR, &str), speaker: &mut Speaker<'_>, sheet: &mut Sheet) {
    let (creator, group, element, vr, value) = safe;
    sheet.put(Tag(group, 0x0010), VR::LO, creator);
    sheet.put(Tag(group, 0x1000 | u16::from(element)), vr, value);
    let mut item = Item::new(location(group, element, creator), "keep", value, Action::PrivateRetained);
    item.note = "safe private".to_owned();
    sheet.line(item);
    let alike = *speaker.chance.pick(&ALIKE);
    sheet.put(Tag(group, 0x0011), VR::LO, alike);
    let saying = speaker.bare(60);
    let tag = Tag(group, 0x1100 | u16::from(element));
    hide(&location(group, element, alike), &saying.plants, sheet);
    sheet.put(tag, VR::LO, &saying.text);
}

/// Text, bytes of unknown VR and a binary header with a name in it.
fn unsafe_block(creator: &str, group: u16, speaker: &mut Speaker<'_>, sheet: &mut Sheet) {
    sheet.put(Tag(group, 0x0010), VR::LO, creator);
    for (element, vr) in [(0x04_u8, VR::LO), (0x12, VR::UN), (0x30, VR::OB)] {
        if !speaker.chance.is(0.7) {
            continue;
        }
        let saying = speaker.sentence(64);
        let tag = Tag(group, 0x1000 | u16::from(element));
        hide(&location(group, element, creator), &saying.plants, sheet);
        if vr == VR::LO {
            sheet.put(tag, vr, &saying.text);
        } else {
            let bytes = binary(vr, sheet.bytes_of(&saying.text));
            sheet.value(tag, vr, PrimitiveValue::U8(bytes.into()));
        }
    }
}

/// Between marks and lengths, as makers' binary headers have it.
fn binary(vr: VR, text: Vec<u8>) -> Vec<u8> {
    if vr == VR::UN {
        return text;
    }
    let mut bytes = b"HDR2\x01\0\0\0".to_vec();
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text);
    bytes.extend([0_u8; 6]);
    bytes
}

/// The patient once more, two levels down in a private sequence.
fn snapshot(place: &Place<'_>, sheet: &mut Sheet) {
    let creator = "ORDER SNAPSHOT 2";
    let items = vec![identity(place, sheet)];
    sheet.put(Tag(0x0077, 0x0010), VR::LO, creator);
    sheet.value(Tag(0x0077, 0x1001), VR::SQ, sumgil_dicom::dicom_core::value::DataSetSequence::from(items));
    hide_identity(place, &location(0x0077, 0x01, creator), sheet);
}

/// The same as implicit items under an unknown VR (PS3.5 6.2.2): nobody's dictionary knows the sequence.
fn unknown_items(place: &Place<'_>, sheet: &mut Sheet) {
    let creator = "RIS RELAY 7";
    let person = &place.record.person;
    let mut body = Vec::new();
    for (tag, text) in [
        (tags::PATIENT_NAME, person.name.pn(place.script)),
        (tags::PATIENT_TELEPHONE_NUMBERS, person.phone.clone()),
    ] {
        let bytes = sheet.bytes_of(&text);
        body.extend([tag.0.to_le_bytes(), tag.1.to_le_bytes()].concat());
        body.extend((bytes.len() as u32).to_le_bytes());
        body.extend(bytes);
    }
    let mut item = vec![0xFE, 0xFF, 0x00, 0xE0];
    item.extend((body.len() as u32).to_le_bytes());
    item.extend(body);
    sheet.put(Tag(0x0079, 0x0010), VR::LO, creator);
    sheet.value(Tag(0x0079, 0x1005), VR::UN, PrimitiveValue::U8(item.into()));
    hide_identity(place, &location(0x0079, 0x05, creator), sheet);
}

fn identity(place: &Place<'_>, sheet: &Sheet) -> DataSet {
    let person = &place.record.person;
    let mut inner = sheet.item();
    inner.text(tags::PATIENT_TELEPHONE_NUMBERS, &person.phone);
    let mut item = sheet.item();
    item.text(tags::PATIENT_NAME, &person.name.pn(place.script));
    item.sequence(tags::OTHER_PATIENT_I_DS_SEQUENCE, vec![inner]);
    item.into_set()
}

fn hide_identity(place: &Place<'_>, location: &str, sheet: &mut Sheet) {
    let person = &place.record.person;
    sheet.line(Item::new(location, "name", &person.name.pn(place.script), Action::PrivateRemoved));
    sheet.line(Item::new(location, "phone", &person.phone, Action::PrivateRemoved));
}

fn hide(location: &str, plants: &[(&'static str, String)], sheet: &mut Sheet) {
    // An escape may stand inside a date with Hangul, and nobody decodes private bytes: such a date is not named.
    for (kind, value) in plants.iter().filter(|plant| plant.0 != "date") {
        sheet.line(Item::new(location, kind, value, Action::PrivateRemoved));
    }
}

fn location(group: u16, element: u8, creator: &str) -> String {
    format!("{group:04x}xx{element:02x}@{creator}")
}

#[cfg(test)]
mod tests {
    use sumgil_dicom::confidentiality::is_safe_private;

    use super::*;

    #[test]
    fn safe_is_safe_and_alike_is_not() {
        for (creator, group, element, ..) in SAFE {
            assert!(is_safe_private(creator, group, element), "{creator}");
            assert!(ALIKE.iter().all(|alike| !is_safe_private(alike, group, element)));
        }
        for (creator, group) in UNSAFE {
            assert!((0..=255).all(|element| !is_safe_private(creator, group, element)), "{creator}");
        }
    }
}
