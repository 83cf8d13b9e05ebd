//! What the actions need to know, and what an action makes of an element.

use std::cell::RefCell;

use sumgil_dicom::{
    DataSet,
    confidentiality::Options,
    dicom_core::{PrimitiveValue, Tag, VR},
};

use super::evidence::{Deed, Evidence, Rule};
use crate::{DateShift, PseudonymKey, gate::Searcher, text::Element};

/// What the actions need to know of the patient and the file.
pub(crate) struct Rules<'a> {
    pub(crate) key: &'a PseudonymKey,
    pub(crate) options: &'a Options,
    pub(crate) shift: DateShift,
    pub(crate) subject: &'a str,
    pub(crate) patient_id: &'a str,
    pub(crate) known: &'a Searcher,
    pub(crate) cleaned: &'a crate::descriptors::Cleaned,
    pub(crate) sop_class: &'a str,
    pub(crate) evidence: RefCell<Evidence>,
}

impl Rules<'_> {
    /// A text without what names somebody.
    pub(super) fn clean(&self, text: &str) -> String {
        self.cleaned.clean(text, self.known)
    }

    /// Writes down what was done, and hands the element on.
    pub(super) fn note(&self, tag: Tag, rule: Rule, done: Done) -> Option<Element> {
        if let Some(deed) = done.deed {
            self.evidence.borrow_mut().add(tag, deed, rule);
        }
        done.element
    }
}

/// What an action made of an element.
pub(super) struct Done {
    pub(super) element: Option<Element>,
    deed: Option<Deed>,
}

impl Done {
    pub(super) fn removed() -> Self {
        Self { element: None, deed: Some(Deed::Removed) }
    }

    pub(super) fn emptied(tag: Tag, vr: VR) -> Self {
        Self { element: Some(Element::empty(tag, vr)), deed: Some(Deed::Emptied) }
    }

    pub(super) fn of(element: Element, deed: Deed) -> Self {
        Self { element: Some(element), deed: Some(deed) }
    }

    /// As it was, by a rule that needs no telling.
    pub(super) fn unchanged(element: Element) -> Self {
        Self { element: Some(element), deed: None }
    }

    /// An element, or nothing where it could not be made.
    pub(super) fn maybe(element: Option<Element>, deed: Deed) -> Self {
        match element {
            Some(element) => Self::of(element, deed),
            None => Self::removed(),
        }
    }
}

/// An element of text; several values where backslashes part them.
pub(super) fn with_text(tag: Tag, vr: VR, text: &str) -> Element {
    let value = match text.split('\\').count() {
        _ if matches!(vr, VR::ST | VR::LT | VR::UT | VR::UR) => PrimitiveValue::from(text),
        0 | 1 => PrimitiveValue::from(text),
        _ => PrimitiveValue::Strs(text.split('\\').map(str::to_owned).collect()),
    };
    Element::new(tag, vr, value)
}

/// Whether an item belongs to a coding scheme that everybody shares: its meanings are written by committees.
pub(super) fn is_standard_code(item: &DataSet) -> bool {
    use sumgil_dicom::{access, dictionary::tags};
    const SCHEMES: &[&str] = &[
        "DCM", "SCT", "SRT", "SNM3", "99SDM", "LN", "UCUM", "NCIt", "RADLEX", "FMA", "MSH", "UMLS", "NCDR",
        "ACR", "BI", "RXNORM", "ICDO3", "I10", "I10P", "I9", "I9C", "MDC", "NDC", "IBSI", "CD8", "MAYOASRG",
        "NEU", "UBERON",
    ];
    access::text(item, tags::CODING_SCHEME_DESIGNATOR)
        .is_some_and(|scheme| SCHEMES.contains(&scheme.as_str()))
}
