//! De-identification (PS3.15 Annex E): the only door out of the hospital. Pure: bytes in, bytes out.
//!
//! Every file of a patient is read twice. First [`PatientIdentifiers::learn`] collects from all headers what
//! names the patient; then [`deidentify`] applies the profile to each file and searches the result for all of
//! it. What still names the patient, or may carry text in its pixels, waits in quarantine.

mod actions;
pub mod clinical;
mod deidentify;
mod descriptors;
mod device;
mod error;
mod gate;
mod identified;
mod identifiers;
mod key;
pub mod linkage;
mod outcome;
mod patient;
pub mod pixels;
mod profile;
mod recheck;
mod route;
mod shift;
mod text;
mod uids;

pub use actions::{Deed, Evidence, Line, Rule};
pub use deidentify::deidentify;
pub use error::{Error, Remedy};
pub use identified::{Deidentified, Identified};
pub use identifiers::PatientIdentifiers;
pub use key::{PatientIdentity, PseudonymKey};
pub use outcome::{Instance, Outcome, Overrule, Reason};
pub use patient::Patient;
pub use profile::Profile;
pub use recheck::{Recheck, recheck};
pub use shift::DateShift;
