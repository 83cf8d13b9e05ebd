//! Elements of VR UN whose attribute the standard knows: read as what they are, so that no sequence escapes.

use sumgil_dicom::{
    Limits,
    dicom_core::{PrimitiveValue, Tag, VR, header::Header, value::Value},
    dictionary::tags,
    read_data_set,
};
use sumgil_model::Uid;

use crate::text::{self, Element};

/// Implicit VR little endian: how sequences inside UN are coded (PS3.5 6.2.2).
const IMPLICIT: &str = "1.2.840.10008.1.2";
const ITEM: [u8; 4] = [0xfe, 0xff, 0x00, 0xe0];

/// The element in the VR that the standard gives it, if it came as UN; itself otherwise.
pub(crate) fn reveal(element: Element) -> Element {
    if element.vr() != VR::UN {
        return element;
    }
    let tag = element.tag();
    if is_sequence(&element) {
        return sequence(tag, &element).unwrap_or_else(|| Element::empty(tag, VR::SQ));
    }
    match text::vr(&element) {
        VR::SQ => Element::empty(tag, VR::SQ),
        vr if text::is_text(vr) => {
            let value = text::of(&element).map(|text| PrimitiveValue::from(text.as_ref()));
            value.map_or_else(|| Element::empty(tag, vr), |value| Element::new(tag, vr, value))
        }
        _ => element,
    }
}

/// Whether the bytes begin with an item, which no value of another kind does.
fn is_sequence(element: &Element) -> bool {
    matches!(element.value(), Value::Primitive(PrimitiveValue::U8(bytes)) if bytes.starts_with(&ITEM))
}

/// The items, read by putting the bytes behind the header of a sequence that the standard knows.
fn sequence(tag: Tag, element: &Element) -> Option<Element> {
    let Value::Primitive(PrimitiveValue::U8(items)) = element.value() else { return None };
    let carrier = tags::REQUEST_ATTRIBUTES_SEQUENCE;
    let mut bytes = Vec::with_capacity(items.len() + 8);
    bytes.extend_from_slice(&carrier.0.to_le_bytes());
    bytes.extend_from_slice(&carrier.1.to_le_bytes());
    bytes.extend_from_slice(&u32::try_from(items.len()).ok()?.to_le_bytes());
    bytes.extend_from_slice(items);
    let mut read = read_data_set(&bytes, &Uid::parse(IMPLICIT).ok()?, &Limits::default()).ok()?;
    match read.take(carrier)?.into_value() {
        Value::Sequence(sequence) => Some(Element::new(tag, VR::SQ, sequence)),
        _ => None,
    }
}
