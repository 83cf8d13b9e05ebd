//! The profile: which options of PS3.15 Annex E hold, and how a file says so.

use sumgil_dicom::confidentiality::{self, Options};

/// A confidentiality profile with its options, under a version that every object carries.
#[derive(Clone)]
pub struct Profile {
    version: &'static str,
    options: Options,
}

impl Profile {
    /// Basic profile with Clean Descriptors, Clean Graphics, Retain Longitudinal Temporal Information with
    /// Modified Dates, Retain Patient Characteristics, Retain Device Identity and Retain Safe Private.
    ///
    /// In this version free text is emptied and graphics are removed: the strictest form of cleaning.
    pub fn default_profile() -> Self {
        Self { version: "sumgil-default-1", options: Options::default_profile() }
    }

    /// Name and version, for the object's context.
    pub fn version(&self) -> &str {
        self.version
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    pub(crate) fn codes(&self) -> Vec<confidentiality::Code> {
        self.options.codes()
    }

    /// The text for (0012,0063): at most 64 characters.
    pub(crate) fn method(&self) -> String {
        format!("{}, PS3.15 Annex E {}", self.version, confidentiality::EDITION).chars().take(64).collect()
    }
}
