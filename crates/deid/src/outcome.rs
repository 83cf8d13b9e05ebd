//! What becomes of a file.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sumgil_dicom::pixels::Region;
use sumgil_model::{Instance as SopInstance, Series, SopClass, Study, SubjectId, TransferSyntax, Uid};

use crate::{Deidentified, Evidence};

/// A finished instance: what leaves the hospital.
#[derive(Clone, PartialEq)]
pub struct Instance {
    /// Whom it shows.
    pub subject: SubjectId,
    /// New study UID.
    pub study: Uid<Study>,
    /// New series UID.
    pub series: Uid<Series>,
    /// New SOP instance UID.
    pub sop_instance: Uid<SopInstance>,
    /// SOP class, as it was.
    pub sop_class: Uid<SopClass>,
    /// Transfer syntax, as it was: frames are passed through untouched. Where text was blacked out: native.
    pub transfer_syntax: Uid<TransferSyntax>,
    /// Where the pixels were blacked out.
    pub hidden: Vec<Region>,
    /// What was done to which attribute.
    pub evidence: Evidence,
    /// A complete Part 10 file.
    pub bytes: Vec<u8>,
}

/// Why a file waits or is refused: a stable word and a sentence without patient data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reason {
    /// Stable machine word, for reports, tables and for releasing by a data manager.
    pub code: &'static str,
    /// For people; never repeats a value of the file.
    pub detail: String,
}

impl Reason {
    pub(crate) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// What becomes of a file.
pub enum Outcome {
    /// It may leave.
    Cleared(Deidentified<Instance>),
    /// It waits for a data manager, for these reasons (at least one).
    Quarantine(Vec<Reason>),
    /// It can never leave.
    Refused(Reason),
}

/// What a data manager decided for one file after looking at it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overrule {
    /// Codes of quarantine reasons that are released.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    reasons: BTreeSet<String>,
    /// Where the pixels are blacked out. `Some`: exactly there, and text is not looked for any more; a person
    /// has seen all of it. `None`: where the detector finds text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    masks: Option<Vec<Region>>,
}

impl Overrule {
    /// Nothing is released.
    pub fn none() -> Self {
        Self::default()
    }

    /// Releases the reasons with these codes.
    pub fn of<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
        Self { reasons: codes.into_iter().map(str::to_owned).collect(), masks: None }
    }

    /// The same, and the reasons with these codes as well.
    #[must_use]
    pub fn and<'a>(mut self, codes: impl IntoIterator<Item = &'a str>) -> Self {
        self.reasons.extend(codes.into_iter().map(str::to_owned));
        self
    }

    /// The same, with the pixels blacked out exactly at `masks`, instead of where the detector finds text.
    #[must_use]
    pub fn with_masks(self, masks: Vec<Region>) -> Self {
        Self { masks: Some(masks), ..self }
    }

    /// Whether the reason with this code is released.
    pub fn releases(&self, code: &str) -> bool {
        self.reasons.contains(code)
    }

    /// Where a person said that the pixels are to be blacked out.
    pub fn masks(&self) -> Option<&[Region]> {
        self.masks.as_deref()
    }
}
