//! What a sealed object belongs to.

use serde::{Deserialize, Serialize};
use sumgil_model::{SiteId, SubjectId};

use crate::canonical::Canonical;

/// What an object holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ObjectKind {
    /// One de-identified DICOM instance, a Part 10 file.
    Instance,
    /// One de-identified clinical record, `model::ClinicalRecord` as JSON.
    Clinical,
}

impl ObjectKind {
    /// The word used in every encoding: `instance` or `clinical`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Clinical => "clinical",
        }
    }
}

/// What a sealed object is bound to. An object opens only with the context it was sealed for, so a stored
/// object cannot be passed off as one of another subject, site or UID.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectContext {
    /// The contributing site.
    pub site: SiteId,
    /// The subject, by pseudonym.
    pub subject: SubjectId,
    /// The new SOP instance UID, or the id of the clinical record.
    pub uid: String,
    /// What it holds.
    pub kind: ObjectKind,
    /// The version of the de-identification profile that made it, such as `sumgil-default-1`.
    pub profile: String,
}

/// The longest `uid` and `profile` that a receiver accepts, in bytes.
const LONGEST_TEXT: usize = 128;

impl ObjectContext {
    /// Whether the texts are of a kind that a receiver accepts: printable ASCII without space, 1 to 128 bytes.
    pub fn is_well_formed(&self) -> bool {
        [&self.uid, &self.profile]
            .iter()
            .all(|t| (1..=LONGEST_TEXT).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_graphic()))
    }

    /// The canonical encoding: what keys are derived from and what wraps authenticate.
    pub(crate) fn encode(&self) -> Vec<u8> {
        Canonical::new("sumgil context 1")
            .text(self.site.as_str())
            .text(self.subject.as_str())
            .text(&self.uid)
            .text(self.kind.as_str())
            .text(&self.profile)
            .finish()
    }
}
