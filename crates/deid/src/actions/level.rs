//! One level of a data set: each element gets its action, sequences go down.

use sumgil_dicom::{
    DataSet,
    confidentiality::{self, Action, Compound, Options},
    dicom_core::{
        PrimitiveValue, Tag, VR,
        header::Header,
        value::{DataSetSequence, Value},
    },
    dictionary::tags,
};

use super::{
    dummy::dummy,
    private::Creators,
    required::{Required, required},
    technical::{is_technical, is_term},
};
use crate::{
    DateShift, PseudonymKey, device,
    gate::Searcher,
    text::{self, Element},
    uids,
};

/// What the actions need to know of the patient and the file.
pub(crate) struct Rules<'a> {
    pub(crate) key: &'a PseudonymKey,
    pub(crate) options: &'a Options,
    pub(crate) shift: DateShift,
    pub(crate) subject: &'a str,
    pub(crate) patient_id: &'a str,
    pub(crate) known: &'a Searcher,
    pub(crate) sop_class: &'a str,
}

/// Applies the profile to one level and all below.
pub(crate) fn apply(data_set: DataSet, rules: &Rules<'_>) -> DataSet {
    let creators = Creators::of(&data_set);
    let kept: Vec<Element> =
        data_set.into_iter().filter_map(|element| one(element, &creators, rules)).collect();
    let mut out = DataSet::from_element_iter(kept);
    creators.write(&mut out);
    out
}

fn one(element: Element, creators: &Creators, rules: &Rules<'_>) -> Option<Element> {
    let tag = element.tag();
    match tag {
        Tag(_, 0) | Tag(0..=7, _) | Tag(0xfffa..=0xffff, _) => None,
        // Curves and overlays: graphics, whole groups.
        Tag(group, _) if matches!(group & 0xff00, 0x5000 | 0x6000) => None,
        Tag(group, _) if group % 2 == 1 => private(element, creators, rules),
        tags::SPECIFIC_CHARACTER_SET => None,
        tags::PIXEL_DATA | tags::FLOAT_PIXEL_DATA | tags::DOUBLE_FLOAT_PIXEL_DATA => Some(element),
        tags::PATIENT_ID => Some(patient(&element, rules)),
        _ => match confidentiality::action(tag, rules.options) {
            Some(action) => listed(element, action, rules),
            None => unlisted(element, rules),
        },
    }
}

/// Patient ID: the pseudonym where it is this patient's, empty where it is another number.
fn patient(element: &Element, rules: &Rules<'_>) -> Element {
    let own = text::of(element).is_some_and(|id| id == rules.patient_id);
    if own { with_text(element.tag(), VR::LO, rules.subject) } else { Element::empty(element.tag(), VR::LO) }
}

fn listed(element: Element, action: Action, rules: &Rules<'_>) -> Option<Element> {
    let (tag, vr) = (element.tag(), element.vr());
    match action {
        Action::Remove => None,
        Action::Empty => Some(Element::empty(tag, vr)),
        Action::Dummy => Some(replaced(element, rules)),
        Action::Replace(Compound::RemoveEmptyOrUids) => below(element, rules),
        Action::Replace(Compound::EmptyOrDummy) => Some(Element::empty(tag, vr)),
        Action::Replace(_) => match required(tag, rules.sop_class) {
            Required::Presence => Some(Element::empty(tag, vr)),
            Required::No => None,
        },
        Action::Keep if vr == VR::SQ => below(element, rules),
        Action::Keep => kept(element, rules),
        // For now the strictest form of cleaning: no free text, no graphics; codes below stay.
        Action::Clean if vr == VR::SQ && tag != tags::GRAPHIC_ANNOTATION_SEQUENCE => below(element, rules),
        Action::Clean if vr == VR::SQ => None,
        Action::Clean => Some(Element::empty(tag, vr)),
        Action::ShiftDate => temporal(element, rules),
        Action::Uid => Some(mapped(element, rules)),
    }
}

/// A retained attribute. Device attributes stay as they are; others must not name the patient.
fn kept(element: Element, rules: &Rules<'_>) -> Option<Element> {
    match element.vr() {
        VR::UI => Some(mapped(element, rules)),
        VR::DA | VR::DT => temporal(element, rules),
        VR::PN => Some(Element::empty(element.tag(), VR::PN)),
        _ if is_plain_device(&element) => Some(element),
        vr if text::is_text(vr) => Some(checked(element, rules)),
        _ => Some(element),
    }
}

/// An attribute that Table E.1-1 does not list: numbers and terms stay, text stays only if it is technique.
fn unlisted(element: Element, rules: &Rules<'_>) -> Option<Element> {
    let (tag, vr) = (element.tag(), element.vr());
    let standard = text::dictionary_vr(&element);
    match vr {
        VR::SQ => below(element, rules),
        VR::UI => Some(mapped(element, rules)),
        VR::DA | VR::DT | VR::TM => temporal(element, rules),
        VR::PN => Some(Element::empty(tag, VR::PN)),
        _ if standard.is_none() && (text::is_text(vr) || is_bulk(vr)) => None,
        _ if standard == Some(VR::PN) => Some(Element::empty(tag, vr)),
        _ if is_plain_device(&element) => Some(element),
        vr if text::is_text(vr) => Some(checked(element, rules)),
        VR::UN => None,
        _ => Some(element),
    }
}

/// An attribute of the device, written in characters that its VR can hold.
fn is_plain_device(element: &Element) -> bool {
    device::is_device(element.tag()) && text::of(element).is_none_or(|text| text::fits(element.vr(), &text))
}

fn is_bulk(vr: VR) -> bool {
    matches!(vr, VR::OB | VR::OW | VR::OF | VR::OD | VR::OL | VR::OV | VR::UN)
}

/// The element, or its empty form if its text can name somebody.
fn checked(element: Element, rules: &Rules<'_>) -> Element {
    let (tag, vr) = (element.tag(), element.vr());
    let stays = match text::of(&element) {
        None => true,
        Some(text) if !text::fits(vr, &text) => false,
        Some(text) => match vr {
            VR::DS | VR::IS if is_numeric(&text) => !(has_long_number(&text) && rules.known.in_text(&text)),
            VR::AS if text.len() == 4 && text.ends_with(['D', 'W', 'M', 'Y']) => true,
            VR::CS => is_term(&text, rules.known),
            _ => is_technical(&text, rules.known),
        },
    };
    if stays { element } else { Element::empty(tag, vr) }
}

pub(crate) fn is_numeric(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'E' | b'e' | b'\\' | b' ' | 0))
}

fn below(element: Element, rules: &Rules<'_>) -> Option<Element> {
    let tag = element.tag();
    match element.into_value() {
        Value::Sequence(sequence) => {
            let items: Vec<DataSet> =
                sequence.into_items().into_iter().map(|item| apply(item, rules)).collect();
            Some(Element::new(tag, VR::SQ, DataSetSequence::from(items)))
        }
        _ => None,
    }
}

/// Action D: a dummy; of a sequence the items with every value replaced, or a dummy code.
fn replaced(element: Element, rules: &Rules<'_>) -> Element {
    let (tag, vr) = (element.tag(), element.vr());
    match (vr, element.value()) {
        (VR::UI, _) => mapped(element, rules),
        (VR::SQ, Value::Sequence(items))
            if items.items().iter().all(|item| item.get(tags::CODE_VALUE).is_none())
                && !items.items().is_empty() =>
        {
            below(element, rules).unwrap_or_else(|| dummy(tag, vr))
        }
        (VR::DA | VR::DT, _) => temporal(element, rules).unwrap_or_else(|| dummy(tag, vr)),
        _ => dummy(tag, vr),
    }
}

/// Dates are shifted, times of day stay; a value that is neither goes.
fn temporal(element: Element, rules: &Rules<'_>) -> Option<Element> {
    let (tag, vr) = (element.tag(), element.vr());
    let Some(text) = text::of(&element) else {
        return matches!(vr, VR::DA | VR::DT | VR::TM | VR::SH).then(|| Element::empty(tag, vr));
    };
    let each = |change: &dyn Fn(&str) -> Option<String>| {
        let values: Option<Vec<String>> = text
            .split('\\')
            .map(|value| if value.trim().is_empty() { Some(String::new()) } else { change(value) })
            .collect();
        values.map_or_else(|| Element::empty(tag, vr), |values| with_text(tag, vr, &values.join("\\")))
    };
    match vr {
        VR::DA => Some(each(&|value| rules.shift.da_leniently(value))),
        VR::DT => Some(each(&|value| rules.shift.dt(value))),
        VR::TM => Some(if is_time(&text) { element } else { Element::empty(tag, vr) }),
        VR::SH if text.len() == 5 && text.starts_with(['+', '-']) && is_time(&text[1..]) => Some(element),
        _ => None,
    }
}

/// Times of day and ranges of them: at most six digits before a fraction, so that no date or number passes.
fn is_time(text: &str) -> bool {
    text.split(['\\', '-']).map(|value| value.trim_matches(['\0', ' '])).all(|value| {
        let (clock, fraction) = value.split_once('.').unwrap_or((value, ""));
        let digits = |part: &str| part.bytes().filter(u8::is_ascii_digit).count();
        clock.bytes().all(|b| b.is_ascii_digit() || b == b':')
            && digits(clock) <= 6
            && fraction.len() <= 6
            && digits(fraction) == fraction.len()
    })
}

/// Whether a number is long enough to be somebody's: seven digits in a row and more. A fraction or an exponent makes
/// it a measurement.
pub(crate) fn has_long_number(text: &str) -> bool {
    text.split('\\').any(|value| {
        !value.contains(['.', 'E', 'e']) && value.bytes().filter(u8::is_ascii_digit).count() >= 7
    })
}

/// UIDs of instances are replaced wherever they stand; those of classes stay.
fn mapped(element: Element, rules: &Rules<'_>) -> Element {
    let Some(text) = text::of(&element) else { return element };
    let tag = element.tag();
    if text.split('\\').all(|uid| uids::stays(tag, uid.trim_matches(['\0', ' ']))) {
        return element;
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
    with_text(tag, VR::UI, &values.join("\\"))
}

/// A private element stays if the standard lists it as safe under its creator, and its value names nobody.
fn private(element: Element, creators: &Creators, rules: &Rules<'_>) -> Option<Element> {
    if !rules.options.retain_safe_private || !creators.is_safe(element.tag()) {
        return None;
    }
    match element.vr() {
        VR::SQ => below(element, rules),
        VR::UI => Some(mapped(element, rules)),
        VR::DA | VR::DT | VR::TM => temporal(element, rules),
        VR::PN => None,
        _ => match text::of(&element) {
            Some(text) if is_numeric(&text) && !has_long_number(&text) => Some(element),
            Some(text) => {
                (text::fits(element.vr(), &text) && is_technical(&text, rules.known)).then_some(element)
            }
            None => Some(element),
        },
    }
}

fn with_text(tag: Tag, vr: VR, text: &str) -> Element {
    let value = match text.split('\\').count() {
        0 | 1 => PrimitiveValue::from(text),
        _ => PrimitiveValue::Strs(text.split('\\').map(str::to_owned).collect()),
    };
    Element::new(tag, vr, value)
}
