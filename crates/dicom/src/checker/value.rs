//! What a value is, as far as the rules ask.

use dicom_core::{PrimitiveValue, VR, value::Value};
use dicom_object::mem::InMemElement;

/// Whether nothing is in it.
pub(super) fn is_empty(element: &InMemElement) -> bool {
    match element.value() {
        Value::Sequence(sequence) => sequence.items().is_empty(),
        Value::PixelSequence(_) => false,
        Value::Primitive(PrimitiveValue::U8(bytes)) => bytes.is_empty(),
        Value::Primitive(value) => {
            value.calculate_byte_len() == 0 || value.to_str().trim_matches(['\0', ' ']).is_empty()
        }
    }
}

/// The texts of an element, without padding; `None` for numbers, bytes and sequences.
pub(super) fn texts(element: &InMemElement) -> Option<Vec<&str>> {
    match element.value().primitive()? {
        PrimitiveValue::Str(text) => Some(vec![text.trim_matches(['\0', ' '])]),
        PrimitiveValue::Strs(texts) => {
            Some(texts.iter().map(|text| text.trim_matches(['\0', ' '])).collect())
        }
        PrimitiveValue::Empty => Some(Vec::new()),
        _ => None,
    }
}

/// Whether the value is one that the project puts in the place of a removed one: it says nothing.
pub(super) fn is_dummy(element: &InMemElement) -> bool {
    match element.value().primitive() {
        Some(PrimitiveValue::U8(bytes)) => bytes.iter().all(|byte| *byte == 0),
        Some(PrimitiveValue::Str(_) | PrimitiveValue::Strs(_)) => {
            texts(element).unwrap_or_default().iter().all(|text| {
                let text = text.trim_matches(['\0', ' ']);
                matches!(text, "" | "REMOVED" | "000Y" | "0" | "000000" | "urn:removed")
            })
        }
        Some(number) => {
            number.to_multi_float64().is_ok_and(|numbers| numbers.iter().all(|number| *number == 0.0))
        }
        None => false,
    }
}

/// Whether every text is made of the characters that values of `vr` (DA, DT or TM) have.
pub(super) fn is_temporal(element: &InMemElement, vr: VR) -> bool {
    let extra: &[u8] = match vr {
        VR::DA => b".-",
        VR::TM => b".:-",
        _ => b".+-",
    };
    let is_allowed = |byte: u8| byte.is_ascii_digit() || extra.contains(&byte);
    texts(element).unwrap_or_default().iter().all(|text| text.len() <= 26 && text.bytes().all(is_allowed))
}
