//! The checker of a finished data set: both ends run it, before sending and before storing.
//!
//! It cannot know whether a text names the patient; it knows what the confidentiality profile leaves of every
//! attribute, and what the project writes in its place. What it lets through and still identifies somebody is
//! for the last gate of de-identification, which knows the identifiers.

mod envelope;
mod finding;
mod level;
mod method;
mod number;
mod pixels;
mod value;

pub use envelope::check_file;
pub use finding::Finding;
pub use method::stated_options;

use sumgil_model::SubjectId;

use crate::{DataSet, access, confidentiality::Options};

/// Checks a finished data set against the profile; empty when it conforms.
pub fn check(data_set: &DataSet, options: &Options) -> Vec<Finding> {
    let mut findings = Vec::new();
    let id = access::text(data_set, crate::dictionary::tags::PATIENT_ID).unwrap_or_default();
    if SubjectId::parse(&id).is_err() {
        findings.push(Finding::new("(0010,0020)", "no-pseudonym"));
    }
    method::check(data_set, options, &mut findings);
    pixels::check(data_set, &mut findings);
    let pseudonym = SubjectId::parse(&id).ok();
    level::Level { options, pseudonym: pseudonym.as_ref() }.check(data_set, "", &mut findings);
    findings
}
