//! The text of an element, whatever its form.

use std::borrow::Cow;

use sumgil_dicom::{
    charset,
    dicom_core::{DataElement, PrimitiveValue, VR, dictionary::DataDictionary, header::Header, value::Value},
    dicom_object::InMemDicomObject,
    dictionary::StandardDataDictionary,
};

/// An element of a data set in memory.
pub(crate) type Element = DataElement<InMemDicomObject>;

/// The element's VR; for UN the one that the standard gives the attribute, if it is known.
pub(crate) fn vr(element: &Element) -> VR {
    let written = element.vr();
    if written != VR::UN || element.tag().0 % 2 == 1 {
        return written;
    }
    dictionary_vr(element).unwrap_or(VR::UN)
}

/// The VR of a known standard attribute.
pub(crate) fn dictionary_vr(element: &Element) -> Option<VR> {
    use sumgil_dicom::dicom_core::dictionary::DataDictionaryEntry;
    StandardDataDictionary.by_tag(element.tag()).map(|entry| entry.vr().relaxed())
}

/// Whether values of this VR are text.
pub(crate) fn is_text(vr: VR) -> bool {
    use VR::{AE, AS, CS, DA, DS, DT, IS, LO, LT, PN, SH, ST, TM, UC, UI, UR, UT};
    matches!(vr, AE | AS | CS | DA | DS | DT | IS | LO | LT | PN | SH | ST | TM | UC | UI | UR | UT)
}

/// Whether a VR can hold the characters of a text: only names and descriptions may leave ASCII (PS3.5 6.2).
pub(crate) fn fits(vr: VR, text: &str) -> bool {
    text.is_ascii()
        || matches!(vr, VR::SH | VR::LO | VR::ST | VR::LT | VR::UC | VR::UT | VR::PN | VR::UN | VR::OB)
}

/// The value as one text, padding stripped, values joined by backslashes; `None` for sequences, numbers,
/// pixel fragments, empty values and bytes that are no text. UN and private bytes are decoded as UTF-8 or else
/// CP949.
pub(crate) fn of(element: &Element) -> Option<Cow<'_, str>> {
    let Value::Primitive(value) = element.value() else { return None };
    let text = match value {
        PrimitiveValue::Str(text) => Cow::Borrowed(text.as_str()),
        PrimitiveValue::Strs(texts) if texts.len() == 1 => Cow::Borrowed(texts[0].as_str()),
        PrimitiveValue::Strs(texts) => Cow::Owned(texts.join("\\")),
        PrimitiveValue::U8(bytes) if vr(element) == VR::UN || is_text(vr(element)) => {
            Cow::Owned(of_bytes(bytes)?)
        }
        PrimitiveValue::Date(_) | PrimitiveValue::DateTime(_) | PrimitiveValue::Time(_) => value.to_str(),
        _ => return None,
    };
    let trimmed = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(['\0', ' '])),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(['\0', ' ']).to_owned()),
    };
    (!trimmed.is_empty()).then_some(trimmed)
}

/// Longest UN value that is tried as text.
const LONGEST_TEXT: usize = 1 << 20;

fn of_bytes(bytes: &[u8]) -> Option<String> {
    (bytes.len() <= LONGEST_TEXT).then(|| charset::decode(bytes, &[]))
}
