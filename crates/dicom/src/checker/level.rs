//! Every element of a data set and of its items against the confidentiality table.

use dicom_core::{Tag, VR, value::Value};
use dicom_dictionary_std::tags;
use dicom_object::mem::InMemElement;
use sumgil_model::SubjectId;

use super::{
    Finding,
    finding::path,
    number::has_personal_number,
    value::{is_dummy, is_empty, is_temporal, texts},
};
use crate::{
    DataSet, access,
    confidentiality::{
        Action, CLASS_UIDS, Compound, Options, STANDARD_ROOT, action, has_safe_private, is_safe_private,
    },
    encoding::implicit_vr,
};

const OWN_ROOT: &str = "2.25.";

/// The rules for one data set.
pub(super) struct Level<'a> {
    pub(super) options: &'a Options,
    /// What may stand in the place of a name.
    pub(super) pseudonym: Option<&'a SubjectId>,
}

impl Level<'_> {
    /// Checks `data_set`, whose elements lie below `parent`.
    pub(super) fn check(&self, data_set: &DataSet, parent: &str, findings: &mut Vec<Finding>) {
        for element in data_set.iter() {
            let tag = element.header().tag;
            let rule = if tag.0 % 2 == 1 { self.private(data_set, element) } else { self.public(element) };
            if let Some(rule) = rule {
                findings.push(Finding::at(parent, tag, rule));
                continue;
            }
            for (index, item) in element.value().items().into_iter().flatten().enumerate() {
                self.check(item, &format!("{}[{index}]/", path(parent, tag)), findings);
            }
        }
    }

    fn public(&self, element: &InMemElement) -> Option<&'static str> {
        let tag = element.header().tag;
        if tag.0 < 0x0008 || tag.1 == 0 {
            return Some("group-not-allowed");
        }
        let listed = match tag {
            // the pseudonym, whatever the action says
            tags::PATIENT_ID => self.blank(element, "identity"),
            _ => action(tag, self.options).and_then(|action| self.listed(element, action)),
        };
        listed.or_else(|| self.by_vr(element))
    }

    fn listed(&self, element: &InMemElement, action: Action) -> Option<&'static str> {
        use Compound::{EmptyOrDummy, RemoveEmptyOrDummy, RemoveEmptyOrUids, RemoveOrDummy, RemoveOrEmpty};
        match action {
            Action::Remove => Some("to-be-removed"),
            Action::Empty | Action::Replace(RemoveOrEmpty) => self.blank(element, "to-be-empty"),
            Action::Dummy | Action::Replace(RemoveOrDummy | EmptyOrDummy | RemoveEmptyOrDummy) => {
                self.replaced(element)
            }
            Action::Clean => match element.value() {
                Value::PixelSequence(_) => Some("not-cleaned"),
                // what cleaning leaves are words: no long number, no address of mail
                Value::Primitive(_) if !is_words(element) && !is_overlay(element) => Some("not-cleaned"),
                _ => None,
            },
            Action::Uid => self.uids(element),
            Action::Keep | Action::ShiftDate | Action::Replace(RemoveEmptyOrUids) => None,
        }
    }

    /// Z: nothing, or the subject's pseudonym.
    fn blank(&self, element: &InMemElement, rule: &'static str) -> Option<&'static str> {
        let is_pseudonym = self.pseudonym.is_some_and(|id| {
            texts(element).is_some_and(|texts| texts.iter().all(|text| *text == id.as_str()))
        });
        if is_empty(element) || is_pseudonym { None } else { Some(rule) }
    }

    /// D: a dummy; sequences are gone through, dates and UIDs have their own rules.
    fn replaced(&self, element: &InMemElement) -> Option<&'static str> {
        match element.vr() {
            VR::SQ | VR::DA | VR::DT => None,
            VR::UI => self.uids(element),
            VR::PN => self.name(element),
            _ if is_dummy(element) => None,
            _ => self.blank(element, "not-a-dummy"),
        }
    }

    /// By the VR that the element has, and by the one that the dictionary gives its attribute.
    fn by_vr(&self, element: &InMemElement) -> Option<&'static str> {
        let (written, standard) = (element.vr(), implicit_vr(element.header().tag));
        self.as_vr(element, written)
            .or_else(|| self.as_vr(element, standard).filter(|_| standard != written))
            .or_else(|| has_number(element).then_some("personal-number"))
    }

    fn as_vr(&self, element: &InMemElement, vr: VR) -> Option<&'static str> {
        match vr {
            VR::PN => self.name(element),
            VR::UI => self.unlisted_uids(element),
            VR::DA | VR::DT | VR::TM if !is_temporal(element, vr) => Some("not-a-date"),
            _ => None,
        }
    }

    fn name(&self, element: &InMemElement) -> Option<&'static str> {
        if is_dummy(element) { None } else { self.blank(element, "person-name") }
    }

    fn unlisted_uids(&self, element: &InMemElement) -> Option<&'static str> {
        let tag = element.header().tag;
        let kept = action(tag, self.options) == Some(Action::Keep);
        if kept || CLASS_UIDS.contains(&tag) { well_formed(element) } else { self.uids(element) }
    }

    /// Standard UIDs and those made by the project.
    fn uids(&self, element: &InMemElement) -> Option<&'static str> {
        let is_known =
            |uid: &&str| uid.is_empty() || uid.starts_with(STANDARD_ROOT) || uid.starts_with(OWN_ROOT);
        let all_known = texts(element).is_some_and(|uids| uids.iter().all(is_known));
        if all_known { well_formed(element) } else { Some("foreign-uid") }
    }

    fn private(&self, data_set: &DataSet, element: &InMemElement) -> Option<&'static str> {
        let Tag(group, number) = element.header().tag;
        if !self.options.retain_safe_private {
            return Some("private");
        }
        let creator_number = if number >= 0x1000 { number >> 8 } else { number };
        if !(0x10..=0xFF).contains(&creator_number) {
            return Some("private");
        }
        let creator = access::text(data_set, Tag(group, creator_number)).unwrap_or_default();
        let safe = if number >= 0x1000 {
            is_safe_private(&creator, group, number as u8)
        } else {
            has_safe_private(&creator, group)
        };
        if safe { self.by_vr(element) } else { Some("private") }
    }
}

/// Whether a value is nothing, or text without five digits in a row and without a mail address.
fn is_words(element: &InMemElement) -> bool {
    let has_long_number = |text: &str| {
        let mail = |three: &[u8]| three[1] == b'@' && three[0] > b' ' && three[2].is_ascii_alphanumeric();
        text.as_bytes().windows(5).any(|five| five.iter().all(u8::is_ascii_digit))
            || text.as_bytes().windows(3).any(mail)
    };
    is_empty(element) || texts(element).is_some_and(|texts| !texts.iter().any(|text| has_long_number(text)))
}

/// Overlay Data (60xx,3000): bits, in which nobody can see text without looking at them.
fn is_overlay(element: &InMemElement) -> bool {
    let Tag(group, number) = element.header().tag;
    group & 0xFF00 == 0x6000 && number == 0x3000
}

fn has_number(element: &InMemElement) -> bool {
    texts(element).is_some_and(|texts| texts.iter().any(|text| has_personal_number(text)))
}

fn well_formed(element: &InMemElement) -> Option<&'static str> {
    let is_uid =
        |uid: &&str| uid.len() <= 64 && uid.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let all = texts(element).is_some_and(|uids| uids.iter().all(is_uid));
    if all { None } else { Some("not-a-uid") }
}
