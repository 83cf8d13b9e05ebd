//! What was done to a file, attribute by attribute: never a value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sumgil_dicom::dicom_core::Tag;

/// What was done to an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// The attribute is gone.
    Removed,
    /// It is there without a value.
    Emptied,
    /// A value that says nothing took the place.
    Dummied,
    /// Identifying words were taken out.
    Cleaned,
    /// Dates moved by the patient's shift.
    Shifted,
    /// Another UID or a pseudonym took the place.
    Replaced,
    /// It stayed as it was although the table lists it.
    Retained,
}

/// By which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Table E.1-1 with the options of the profile.
    Table,
    /// Table E.3.4-1: the concept of a content item.
    Concept,
    /// Table E.3.10-1: private attributes.
    Private,
    /// The table does not list it: only what is technical stays.
    Unlisted,
    /// Overlays: text was found among their bits.
    Overlay,
}

/// How often which attribute was treated how, at any depth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence(BTreeMap<(Tag, Deed, Rule), u32>);

/// One line of the evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Eight hexadecimal digits.
    pub tag: String,
    /// What was done.
    pub deed: Deed,
    /// By which rule.
    pub rule: Rule,
    /// To how many elements of the file.
    pub elements: u32,
}

impl Evidence {
    pub(crate) fn add(&mut self, tag: Tag, deed: Deed, rule: Rule) {
        *self.0.entry((tag, deed, rule)).or_default() += 1;
    }

    /// The lines, by tag.
    pub fn lines(&self) -> Vec<Line> {
        let line = |(&(tag, deed, rule), &elements): (&(Tag, Deed, Rule), &u32)| Line {
            tag: format!("{:04x}{:04x}", tag.0, tag.1),
            deed,
            rule,
            elements,
        };
        self.0.iter().map(line).collect()
    }
}
