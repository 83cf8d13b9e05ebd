//! Around the data set: preamble, file meta information and bytes behind the end.

use super::{
    header::Place,
    key::{Action, Item},
};

const META_LENGTH_AT: usize = 140;
const META_AT: usize = 144;

/// Hides identifiers around the data set of a written file; the lines of the key.
pub(super) fn plant(place: &Place<'_>, file: &mut Vec<u8>) -> Vec<Item> {
    let mut chance = place.chance("envelope");
    let mut items = Vec::new();
    if chance.is(0.3) {
        items.extend(preamble(place, file));
    }
    if chance.is(0.3) {
        items.extend(meta(place, file));
    }
    if chance.is(0.2) {
        items.push(padding(place, file));
    }
    items
}

fn preamble(place: &Place<'_>, file: &mut [u8]) -> Vec<Item> {
    let latin = &place.record.person.name.latin;
    let name = format!("{} {}", latin.0, latin.1);
    let text = format!("EXPORT {name} {}", place.record.patient_id);
    if !text.is_ascii() || text.len() > 128 {
        return Vec::new();
    }
    file[..text.len()].copy_from_slice(text.as_bytes());
    vec![
        Item::new("@preamble", "name", &name, Action::BytesRemoved),
        Item::new("@preamble", "id", &place.record.patient_id, Action::BytesRemoved),
    ]
}

/// Source Application Entity Title and Private Information, which tell hospital and patient.
fn meta(place: &Place<'_>, file: &mut Vec<u8>) -> Vec<Item> {
    let (title, id) = (format!("{}_GW", place.home().code), &place.record.patient_id);
    let mut more = short(0x0016, *b"AE", &title);
    more.extend(short(0x0100, *b"UI", "1.2.826.0.1.3680043.10.1987.77"));
    let information = even(format!("PID={id};").into_bytes(), 0);
    more.extend([0x02, 0x00, 0x02, 0x01]);
    more.extend(b"OB\0\0");
    more.extend((information.len() as u32).to_le_bytes());
    more.extend(information);
    let length = u32::from_le_bytes([0, 1, 2, 3].map(|i| file[META_LENGTH_AT + i]));
    let end = META_AT + length as usize;
    file.splice(end..end, more.iter().copied());
    file[META_LENGTH_AT..META_AT].copy_from_slice(&(length + more.len() as u32).to_le_bytes());
    vec![
        Item::new("@filemeta", "institution", &title, Action::BytesRemoved),
        Item::new("@filemeta", "id", id, Action::BytesRemoved),
    ]
}

fn short(element: u16, vr: [u8; 2], text: &str) -> Vec<u8> {
    let text = even(text.as_bytes().to_vec(), if vr == *b"UI" { 0 } else { b' ' });
    let mut bytes = vec![0x02, 0x00];
    bytes.extend(element.to_le_bytes());
    bytes.extend(vr);
    bytes.extend((text.len() as u16).to_le_bytes());
    bytes.extend(text);
    bytes
}

/// Data Set Trailing Padding (FFFC,FFFC) with a phone number in it.
fn padding(place: &Place<'_>, file: &mut Vec<u8>) -> Item {
    let phone = &place.record.person.phone;
    let text = even(format!("\0\0{phone}\0").into_bytes(), 0);
    file.extend([0xFC, 0xFF, 0xFC, 0xFF]);
    file.extend(b"OB\0\0");
    file.extend((text.len() as u32).to_le_bytes());
    file.extend(text);
    Item::new("@padding", "phone", phone, Action::BytesRemoved)
}

fn even(mut bytes: Vec<u8>, pad: u8) -> Vec<u8> {
    if bytes.len() % 2 == 1 {
        bytes.push(pad);
    }
    bytes
}
