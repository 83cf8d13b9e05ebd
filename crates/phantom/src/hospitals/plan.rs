//! What to write, and how far writing has come.

use crate::image::ImageSize;

/// The number of hospitals.
pub const SITES: usize = 17;

/// What to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Everything follows from it: the same seed gives the same bytes.
    pub seed: u64,
    /// How many subjects; 522 has the published margins, other numbers have them scaled.
    pub subjects: u32,
    /// Sizes of images.
    pub size: ImageSize,
    /// Whether lesion masks are written beside the images.
    pub masks: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self { seed: 522, subjects: 522, size: ImageSize::default(), masks: true }
    }
}

/// How far writing has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Subjects written.
    pub subjects_done: u32,
    /// Subjects in all.
    pub subjects: u32,
    /// DICOM files written.
    pub files: u64,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Subjects.
    pub subjects: u32,
    /// DICOM files, resent copies included.
    pub files: u64,
    /// Of these, byte-identical copies under another name.
    pub resent: u64,
    /// Bytes of DICOM files.
    pub size_bytes: u64,
}
