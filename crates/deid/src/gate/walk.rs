//! Where the last gate looks: every text and all bulk bytes of a finished data set, with named exemptions.

use aho_corasick::AhoCorasick;
use sumgil_dicom::{
    DataSet, charset, confidentiality,
    dicom_core::{PrimitiveValue, Tag, VR, header::Header, value::Value},
    dictionary::tags,
};
use sumgil_model::SubjectId;

use super::{Searcher, patterns::SHORTEST};
use crate::{
    actions, device,
    text::{self, Element},
};

/// Where an identifier was found. Only the attribute is told, never the value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the text of this attribute.
    Text(Tag),
    /// In the bulk bytes of this attribute.
    Bulk(Tag),
}

/// Looks for the patient's identifiers and for the file's own original UID.
///
/// Exempt are attributes of the device, private creators that the standard lists, and what this crate wrote
/// itself: the pseudonym, new UIDs, shifted dates, the method.
pub(crate) fn search(data_set: &DataSet, known: &Searcher, own_uid: Option<&AhoCorasick>) -> Option<Place> {
    data_set.iter().find_map(|element| match element.value() {
        _ if is_exempt(element) => None,
        Value::Sequence(sequence) => sequence.items().iter().find_map(|item| search(item, known, own_uid)),
        Value::PixelSequence(pixels) => pixels
            .fragments()
            .iter()
            .any(|fragment| known.in_pixels(fragment) || own_uid.is_some_and(|uid| uid.is_match(fragment)))
            .then_some(Place::Bulk(element.tag())),
        Value::Primitive(value) => in_value(element, value, known, own_uid),
    })
}

fn in_value(
    element: &Element,
    value: &PrimitiveValue,
    known: &Searcher,
    own_uid: Option<&AhoCorasick>,
) -> Option<Place> {
    let tag = element.tag();
    if let PrimitiveValue::U8(bytes) = value
        && (if tag == tags::PIXEL_DATA { known.in_pixels(bytes) } else { known.in_bytes(bytes) }
            || own_uid.is_some_and(|uid| uid.is_match(bytes)))
    {
        return Some(Place::Bulk(tag));
    }
    if let Some(text) = text_in_numbers(value) {
        return known.in_text(&text).then_some(Place::Text(tag));
    }
    let text = text::of(element)?;
    let own = own_uid.is_some_and(|uid| uid.is_match(text.as_bytes()));
    let numeric = matches!(element.vr(), VR::DS | VR::IS | VR::TM)
        && actions::is_numeric(&text)
        && !actions::has_long_number(&text);
    (own || (!numeric && known.in_text(&text))).then_some(Place::Text(tag))
}

/// The text that stands in the words of a number: a gateway that did not know the attribute wrote it there, under an
/// unknown VR. Real numbers have bytes that no text has.
fn text_in_numbers(value: &PrimitiveValue) -> Option<String> {
    use PrimitiveValue::{F32, F64, I16, I32, I64, Tags, U16, U32, U64};
    if !matches!(value, F32(_) | F64(_) | I16(_) | I32(_) | I64(_) | Tags(_) | U16(_) | U32(_) | U64(_)) {
        return None;
    }
    let bytes = value.to_bytes();
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let is_text = |byte: &u8| *byte >= b' ' || matches!(byte, b'\r' | b'\n' | b'\t' | 0x1B);
    let reads = end >= SHORTEST && bytes[..end].iter().all(is_text);
    reads.then(|| charset::decode(&bytes[..end], &[]))
}

fn is_exempt(element: &Element) -> bool {
    let tag = element.tag();
    let pseudonym = matches!(tag, tags::PATIENT_ID | tags::PATIENT_NAME)
        && text::of(element).is_some_and(|text| SubjectId::parse(&text).is_ok());
    let creator = tag.0 % 2 == 1
        && (0x10..=0xff).contains(&tag.1)
        && text::of(element).is_some_and(|creator| is_listed(&creator, tag.0));
    pseudonym
        || creator
        || matches!(element.vr(), VR::UI | VR::DA | VR::DT)
        || matches!(tag, tags::DEIDENTIFICATION_METHOD | tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE)
        || device::is_device(tag)
}

/// Whether the standard lists anything as safe under this creator and group.
fn is_listed(creator: &str, group: u16) -> bool {
    (0..=u8::MAX).any(|element| confidentiality::is_safe_private(creator, group, element))
}
