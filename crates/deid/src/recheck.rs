//! The last gate once more, for identifiers that were learned after a file was cleared.

use sumgil_dicom::{Limits, read};

use crate::{
    PatientIdentifiers, Reason,
    deidentify::gate_reason,
    gate::{Searcher, search},
};

/// A patient's identifiers, compiled once to be searched in many finished files.
pub struct Recheck(Searcher);

impl Recheck {
    /// Compiles `identifiers`; costs about two milliseconds.
    pub fn new(identifiers: &PatientIdentifiers) -> Self {
        Self(Searcher::new(identifiers))
    }

    /// Whether a finished file still passes.
    ///
    /// # Errors
    /// The [`Reason`] why it would not be cleared now.
    pub fn check(&self, cleared_bytes: &[u8]) -> Result<(), Reason> {
        let file = read(cleared_bytes, &Limits::default()).map_err(|refusal| {
            Reason::new("unreadable", format!("the finished file does not read: {}", refusal.code()))
        })?;
        search(&file.data_set, &self.0, None).map_or(Ok(()), |place| Err(gate_reason(place)))
    }
}

/// The last gate alone, on one finished file.
///
/// # Errors
/// As [`Recheck::check`].
pub fn recheck(identifiers: &PatientIdentifiers, cleared_bytes: &[u8]) -> Result<(), Reason> {
    Recheck::new(identifiers).check(cleared_bytes)
}
