//! Content items of structured reports (PS3.15 E.3.4): the concept that names an item decides about its value.

use sumgil_dicom::{
    DataSet, access,
    confidentiality::{Action, concept_action},
    dicom_core::{PrimitiveValue, Tag, VR, header::Header},
    dictionary::tags,
};

use super::{
    evidence::{Deed, Rule},
    rules::{Done, Rules},
    temporal::shifted,
    values::{REMOVED, cleaned},
};
use crate::text::Element;

/// Attributes that hold the value of a content item.
const VALUES: [Tag; 8] = [
    tags::TEXT_VALUE,
    tags::PERSON_NAME,
    tags::DATE,
    tags::DATE_TIME,
    tags::TIME,
    tags::UID,
    tags::CONCEPT_CODE_SEQUENCE,
    tags::MEASURED_VALUE_SEQUENCE,
];
/// Concepts of the subject's own name and number (DCM): the pseudonym takes their place.
const SUBJECT: [&str; 2] = ["121029", "121030"];

/// What the concept of a level says of its value.
pub(super) struct Concept {
    action: Action,
    is_subject: bool,
}

impl Concept {
    /// The concept that names this content item, if the standard lists it.
    pub(super) fn of(item: &DataSet, rules: &Rules<'_>) -> Option<Self> {
        let name = item.get(tags::CONCEPT_NAME_CODE_SEQUENCE)?.items()?.first()?;
        let code = access::text(name, tags::CODE_VALUE)?;
        let scheme = access::text(name, tags::CODING_SCHEME_DESIGNATOR)?;
        let action = concept_action(&code, &scheme, rules.options)?;
        Some(Self { action, is_subject: SUBJECT.contains(&code.as_str()) })
    }

    /// Treats an element of the item, if it is the value and the concept decides.
    pub(super) fn treat(&self, element: Element, rules: &Rules<'_>) -> Result<Option<Element>, Element> {
        let tag = element.tag();
        if !VALUES.contains(&tag) {
            return Err(element);
        }
        let done = match self.action {
            Action::Remove | Action::Empty | Action::Dummy | Action::Replace(_) => {
                self.dummy(&element, rules)
            }
            Action::Clean if element.vr() != VR::SQ && element.vr() != VR::PN => cleaned(element, rules),
            Action::ShiftDate => shifted(element, rules),
            // what is kept goes through the rules of its attribute
            Action::Keep | Action::Clean | Action::Uid => return Err(element),
        };
        Ok(rules.note(tag, Rule::Concept, done))
    }

    /// A value that says nothing, so that the tree keeps its shape.
    fn dummy(&self, element: &Element, rules: &Rules<'_>) -> Done {
        let (tag, vr) = (element.tag(), element.vr());
        let text = |text: &str| Done::of(Element::new(tag, vr, PrimitiveValue::from(text)), Deed::Dummied);
        match vr {
            _ if self.is_subject && matches!(vr, VR::PN | VR::UT) => {
                let deed = Deed::Replaced;
                Done::of(Element::new(tag, vr, PrimitiveValue::from(rules.subject)), deed)
            }
            VR::DA => text("19000101"),
            VR::DT => text("19000101000000"),
            VR::TM => text("000000"),
            VR::UI => super::values::mapped(element.clone(), rules),
            VR::SQ => Done::maybe(Some(super::dummy::dummy(tag, vr)), Deed::Dummied),
            _ => text(REMOVED),
        }
    }
}
