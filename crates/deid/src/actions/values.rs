//! Texts, numbers and UIDs of attributes that stay.

use sumgil_dicom::{
    dicom_core::{PrimitiveValue, Tag, VR, header::Header},
    dictionary::tags,
};

use super::{
    evidence::Deed,
    rules::{Done, Rules, with_text},
    technical::{is_technical, is_term},
};
use crate::{
    device,
    text::{self, Element},
    uids,
};

/// What stands where a value must be and nothing of it may stay.
pub(super) const REMOVED: &str = "REMOVED";
/// Type 1 texts (PS3.3): an empty value would break the object.
const MUST_SAY_SOMETHING: [Tag; 6] = [
    tags::CODE_MEANING,
    tags::CODE_VALUE,
    tags::TEXT_VALUE,
    tags::UNFORMATTED_TEXT_VALUE,
    tags::SEGMENT_LABEL,
    tags::LONG_CODE_VALUE,
];

/// Free text by the cleaner. What is no text goes.
pub(super) fn cleaned(element: Element, rules: &Rules<'_>) -> Done {
    let (tag, vr) = (element.tag(), element.vr());
    let Some(text) = text::of(&element) else { return Done::emptied(tag, vr) };
    let clean = within(vr, &rules.clean(&text));
    match () {
        () if !text::is_text(vr) => Done::emptied(tag, vr),
        () if vr == VR::CS && !is_code_string(&clean) => Done::emptied(tag, vr),
        () if clean.trim().is_empty() => nothing(tag, vr),
        () if clean == text => Done::of(element, Deed::Retained),
        () => Done::of(with_text(tag, vr, &clean), Deed::Cleaned),
    }
}

/// As many characters of each value as its VR may have (PS3.5 6.2).
fn within(vr: VR, text: &str) -> String {
    let most = match vr {
        VR::SH => 16,
        VR::LO => 64,
        VR::ST => 1024,
        VR::LT => 10_240,
        _ => return text.to_owned(),
    };
    let cut = |value: &str| value.chars().take(most).collect::<String>();
    match vr {
        VR::SH | VR::LO => text.split('\\').map(cut).collect::<Vec<_>>().join("\\"),
        _ => cut(text),
    }
}

fn nothing(tag: Tag, vr: VR) -> Done {
    if MUST_SAY_SOMETHING.contains(&tag) {
        Done::of(Element::new(tag, vr, PrimitiveValue::from(REMOVED)), Deed::Dummied)
    } else {
        Done::emptied(tag, vr)
    }
}

/// The element if nothing in its value can name somebody; else what the cleaner leaves of it.
pub(super) fn checked(element: Element, rules: &Rules<'_>) -> Done {
    let (tag, vr) = (element.tag(), element.vr());
    let Some(text) = text::of(&element) else { return Done::unchanged(element) };
    if !text::fits(vr, &text) {
        return Done::emptied(tag, vr);
    }
    let stays = match vr {
        VR::DS | VR::IS if is_numeric(&text) => !(has_long_number(&text) && rules.known.in_text(&text)),
        VR::DS | VR::IS => false,
        VR::AS if text.len() == 4 && text.ends_with(['D', 'W', 'M', 'Y']) => true,
        VR::CS => is_term(&text, rules.known),
        _ => is_technical(&text, rules.known),
    };
    match vr {
        _ if stays => Done::unchanged(element),
        VR::SH | VR::LO | VR::ST | VR::LT | VR::UC | VR::UT => cleaned(element, rules),
        _ => Done::emptied(tag, vr),
    }
}

/// A meaning that a committee wrote stays unless it names the patient; any other is free text.
pub(super) fn code_meaning(element: Element, is_standard: bool, rules: &Rules<'_>) -> Done {
    let said = text::of(&element);
    let plain = said.as_deref().is_some_and(|text| {
        text.chars().count() <= 64 && !text.bytes().any(|b| b.is_ascii_digit()) && !rules.known.in_text(text)
    });
    if is_standard && plain { Done::unchanged(element) } else { checked(element, rules) }
}

fn is_code_string(text: &str) -> bool {
    text.split('\\').all(|term| {
        term.len() <= 16
            && term.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b' ' | b'_'))
    })
}

/// An attribute of the device, written in characters that its VR can hold.
pub(super) fn is_plain_device(element: &Element) -> bool {
    device::is_device(element.tag()) && text::of(element).is_none_or(|text| text::fits(element.vr(), &text))
}

/// UIDs of instances are replaced wherever they stand; those of classes stay.
pub(super) fn mapped(element: Element, rules: &Rules<'_>) -> Done {
    let Some(text) = text::of(&element) else { return Done::unchanged(element) };
    let tag = element.tag();
    if text.split('\\').all(|uid| uids::stays(tag, uid.trim_matches(['\0', ' ']))) {
        return Done::unchanged(element);
    }
    let new = |uid: &str| {
        let uid = uid.trim_matches(['\0', ' ']);
        if uids::stays(tag, uid) {
            uid.to_owned()
        } else {
            rules.key.uid::<sumgil_model::Any>(uid).as_str().to_owned()
        }
    };
    let values: Vec<String> = text.split('\\').map(new).collect();
    Done::of(with_text(tag, VR::UI, &values.join("\\")), Deed::Replaced)
}

pub(crate) fn is_numeric(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'E' | b'e' | b'\\' | b' ' | 0))
}

/// Whether a number is long enough to be somebody's: seven digits in a row and more. A fraction or an exponent makes
/// it a measurement.
pub(crate) fn has_long_number(text: &str) -> bool {
    text.split('\\').any(|value| {
        !value.contains(['.', 'E', 'e']) && value.bytes().filter(u8::is_ascii_digit).count() >= 7
    })
}
