//! What names a patient: learned from every header and table of the patient, searched in every output.

mod dates;
mod learn;
mod names;
pub(crate) mod normal;
mod numbers;
mod romanise;
mod store;

pub(crate) use dates::{short_spellings, spellings as date_spellings};
pub(crate) use names::spellings as name_spellings;
pub(crate) use numbers::{found_in as numbers_in, plain as plain_number};
pub use store::PatientIdentifiers;
