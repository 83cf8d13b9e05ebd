//! Where the detector finds text in the pixels.

use sumgil_deid::pixels::find_text;
use sumgil_dicom::{Part10, pixels::Region};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Where text is: what is blacked out unless a person says otherwise.
    pub regions: Vec<Region>,
    /// Where something may be text.
    pub doubtful: Vec<Region>,
    /// Whether the pixels could not be looked at.
    pub failed: bool,
}

/// Looks for text in the pixels of an instance. Blocks.
pub fn find(part: &Part10) -> Findings {
    match find_text(&part.data_set, &part.transfer_syntax) {
        Ok(found) => Findings { regions: found.regions, doubtful: found.doubtful, failed: false },
        Err(_) => Findings { failed: true, ..Findings::default() },
    }
}
