//! What the checker tells: where and which rule, never a value.

use std::fmt;

use dicom_core::Tag;

/// One breach of the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Tags and item numbers only, such as `(0008,1140)[0]/(0008,1155)`; or `preamble`, `file meta`, `end of file`.
    pub path: String,
    /// Stable machine word of the broken rule.
    pub rule: &'static str,
}

impl Finding {
    pub(super) fn new(path: &str, rule: &'static str) -> Self {
        Self { path: path.to_owned(), rule }
    }

    pub(super) fn at(parent: &str, tag: Tag, rule: &'static str) -> Self {
        Self { path: path(parent, tag), rule }
    }
}

/// The path of an element below `parent`.
pub(super) fn path(parent: &str, tag: Tag) -> String {
    format!("{parent}({:04X},{:04X})", tag.0, tag.1)
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.rule, self.path)
    }
}
