//! One level of a data set: each element gets its action, sequences go down.

use sumgil_dicom::{
    DataSet,
    confidentiality::{self, Action, Compound},
    dicom_core::{
        Tag, VR,
        header::Header,
        value::{DataSetSequence, Value},
    },
    dictionary::tags,
};

use super::{
    dummy::dummy,
    evidence::{Deed, Rule},
    private::Creators,
    required::{Required, required},
    rules::{Done, Rules, is_standard_code, with_text},
    structured::Concept,
    technical::is_technical,
    temporal::shifted,
    values::{self, checked, cleaned, has_long_number, is_numeric, is_plain_device, mapped},
};
use crate::text::{self, Element};

/// What a level knows of itself before its elements are looked at.
struct Level {
    creators: Creators,
    /// Whether its code, if it is one, is of a shared scheme.
    is_standard_code: bool,
    concept: Option<Concept>,
    /// The data set itself, not an item.
    is_top: bool,
}

/// Applies the profile to a data set and all below.
pub(crate) fn apply(data_set: DataSet, rules: &Rules<'_>) -> DataSet {
    apply_level(data_set, rules, true)
}

fn apply_level(data_set: DataSet, rules: &Rules<'_>, is_top: bool) -> DataSet {
    let level = Level {
        creators: Creators::of(&data_set),
        is_standard_code: is_standard_code(&data_set),
        concept: Concept::of(&data_set, rules),
        is_top,
    };
    let kept: Vec<Element> = data_set.into_iter().filter_map(|element| one(element, &level, rules)).collect();
    let mut out = DataSet::from_element_iter(kept);
    level.creators.write(&mut out);
    out
}

fn one(element: Element, level: &Level, rules: &Rules<'_>) -> Option<Element> {
    let element = match &level.concept {
        Some(concept) => match concept.treat(element, rules) {
            Ok(done) => return done,
            Err(element) => element,
        },
        None => element,
    };
    let tag = element.tag();
    let (rule, done) = match tag {
        Tag(_, 0) | Tag(0..=7, _) | Tag(0xfffa..=0xffff, _) => (Rule::Table, Done::removed()),
        Tag(group, _) if group % 2 == 1 => (Rule::Private, private(element, &level.creators, rules)),
        Tag(group, _) if group & 0xff00 == 0x5000 => (Rule::Table, Done::removed()),
        Tag(group, number) if group & 0xff00 == 0x6000 => {
            (Rule::Table, overlay(element, number, level, rules))
        }
        tags::SPECIFIC_CHARACTER_SET => return None,
        tags::PIXEL_DATA | tags::FLOAT_PIXEL_DATA | tags::DOUBLE_FLOAT_PIXEL_DATA => return Some(element),
        tags::PATIENT_ID => (Rule::Table, patient(&element, rules)),
        _ => match confidentiality::action(tag, rules.options) {
            Some(action) => (Rule::Table, listed(element, action, rules)),
            None => (Rule::Unlisted, unlisted(element, level, rules)),
        },
    };
    rules.note(tag, rule, done)
}

/// Patient ID: the pseudonym where it is this patient's, empty where it is another number.
fn patient(element: &Element, rules: &Rules<'_>) -> Done {
    let own = text::of(element).is_some_and(|id| id == rules.patient_id);
    if own {
        Done::of(with_text(element.tag(), VR::LO, rules.subject), Deed::Replaced)
    } else {
        Done::emptied(element.tag(), VR::LO)
    }
}

fn listed(element: Element, action: Action, rules: &Rules<'_>) -> Done {
    let (tag, vr) = (element.tag(), element.vr());
    match action {
        Action::Remove => Done::removed(),
        Action::Empty => Done::emptied(tag, vr),
        Action::Dummy => replaced(element, rules),
        Action::Replace(Compound::RemoveEmptyOrUids) => below(element, rules),
        Action::Replace(Compound::EmptyOrDummy) => Done::emptied(tag, vr),
        Action::Replace(_) => match required(tag, rules.sop_class) {
            Required::Presence => Done::emptied(tag, vr),
            Required::No => Done::removed(),
        },
        Action::Keep | Action::Clean if vr == VR::SQ => below(element, rules),
        Action::Keep => kept(element, rules),
        Action::Clean => cleaned(element, rules),
        Action::ShiftDate => shifted(element, rules),
        Action::Uid => mapped(element, rules),
    }
}

/// A retained attribute. Device attributes stay as they are; others must not name the patient.
fn kept(element: Element, rules: &Rules<'_>) -> Done {
    match element.vr() {
        VR::UI => mapped(element, rules),
        VR::DA | VR::DT => shifted(element, rules),
        VR::PN => Done::emptied(element.tag(), VR::PN),
        _ if is_plain_device(&element) => Done::of(element, Deed::Retained),
        vr if text::is_text(vr) => checked(element, rules),
        _ => Done::of(element, Deed::Retained),
    }
}

/// An attribute that Table E.1-1 does not list: numbers and terms stay, text as far as it is technique.
fn unlisted(element: Element, level: &Level, rules: &Rules<'_>) -> Done {
    let (tag, vr) = (element.tag(), element.vr());
    let standard = text::dictionary_vr(&element);
    match vr {
        VR::SQ => below(element, rules),
        VR::UI => mapped(element, rules),
        VR::DA | VR::DT | VR::TM if rules.options.retain_modified_dates => shifted(element, rules),
        VR::DA | VR::DT => Done::emptied(tag, vr),
        VR::TM => shifted(element, rules),
        VR::PN => Done::emptied(tag, VR::PN),
        _ if standard.is_none() && (text::is_text(vr) || is_bulk(vr)) => Done::removed(),
        _ if standard == Some(VR::PN) => Done::emptied(tag, vr),
        _ if tag == tags::CODE_MEANING => values::code_meaning(element, level.is_standard_code, rules),
        _ if is_plain_device(&element) => Done::unchanged(element),
        vr if text::is_text(vr) => checked(element, rules),
        VR::UN => Done::removed(),
        _ => Done::unchanged(element),
    }
}

/// Overlays of the image itself stay, looked at before (see `pixels::overlays`); their comments go.
fn overlay(element: Element, number: u16, level: &Level, rules: &Rules<'_>) -> Done {
    let tag = element.tag();
    match confidentiality::action(tag, rules.options) {
        _ if !level.is_top || !rules.options.clean_graphics => Done::removed(),
        Some(Action::Clean) if number == 0x3000 => Done::of(element, Deed::Retained),
        Some(action) => listed(element, action, rules),
        None if text::is_text(element.vr()) => checked(element, rules),
        None => Done::unchanged(element),
    }
}

fn is_bulk(vr: VR) -> bool {
    matches!(vr, VR::OB | VR::OW | VR::OF | VR::OD | VR::OL | VR::OV | VR::UN)
}

fn below(element: Element, rules: &Rules<'_>) -> Done {
    let tag = element.tag();
    match element.into_value() {
        Value::Sequence(sequence) => {
            let items: Vec<DataSet> =
                sequence.into_items().into_iter().map(|item| apply_level(item, rules, false)).collect();
            Done::unchanged(Element::new(tag, VR::SQ, DataSetSequence::from(items)))
        }
        _ => Done::removed(),
    }
}

/// Action D: a dummy; of a sequence the items with every value replaced, or a dummy code.
fn replaced(element: Element, rules: &Rules<'_>) -> Done {
    let (tag, vr) = (element.tag(), element.vr());
    let made = |element| Done::of(element, Deed::Dummied);
    match (vr, element.value()) {
        (VR::UI, _) => mapped(element, rules),
        (VR::SQ, Value::Sequence(items))
            if items.items().iter().all(|item| item.get(tags::CODE_VALUE).is_none())
                && !items.items().is_empty() =>
        {
            below(element, rules)
        }
        (VR::DA | VR::DT, _) if rules.options.retain_modified_dates => shifted(element, rules),
        (VR::DA, _) => made(with_text(tag, vr, "19000101")),
        (VR::DT, _) => made(with_text(tag, vr, "19000101000000")),
        _ => made(dummy(tag, vr)),
    }
}

/// A private element stays if the standard lists it as safe under its creator, and its value names nobody.
fn private(element: Element, creators: &Creators, rules: &Rules<'_>) -> Done {
    if !rules.options.retain_safe_private || !creators.is_safe(element.tag()) {
        return Done::removed();
    }
    match element.vr() {
        VR::SQ => below(element, rules),
        VR::UI => mapped(element, rules),
        VR::DA | VR::DT | VR::TM => shifted(element, rules),
        VR::PN => Done::removed(),
        vr => match text::of(&element) {
            Some(text) if is_numeric(&text) && !has_long_number(&text) => Done::of(element, Deed::Retained),
            Some(text) if text::fits(vr, &text) && is_technical(&text, rules.known) => {
                Done::of(element, Deed::Retained)
            }
            Some(_) => Done::removed(),
            None => Done::of(element, Deed::Retained),
        },
    }
}
