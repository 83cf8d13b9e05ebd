//! From a generated data set to an outcome, by the road that a file takes.

use sumgil_deid::{
    Identified, Outcome, Overrule, Patient, PatientIdentifiers, PatientIdentity, Profile, deidentify,
};
use sumgil_dicom::{DataSet, Limits, Part10, dicom_core::DataElement, dictionary::uids, read, write};
use sumgil_model::Uid;

use crate::common::{ct, key};

/// The CT image of `common` with `elements`, written and read again.
pub(crate) fn file(elements: Vec<DataElement<DataSet>>) -> Part10 {
    let syntax = Uid::parse(uids::EXPLICIT_VR_LITTLE_ENDIAN).unwrap();
    read(&write(&ct(elements), &syntax).unwrap(), &Limits::default()).unwrap()
}

/// Everything that `files` tell of their patient.
pub(crate) fn learned(files: &[&Part10]) -> PatientIdentifiers {
    let mut known = PatientIdentifiers::default();
    files.iter().for_each(|file| known.learn(&file.data_set));
    known
}

/// The outcome of `file` for a patient of `site` of whom `known` was learned.
pub(crate) fn outcome(file: Part10, site: &str, known: &PatientIdentifiers) -> Outcome {
    let identity = PatientIdentity::of(&file.data_set, site).unwrap();
    let patient = Patient::new(identity, known.clone());
    deidentify(Identified::new(file), &patient, &key(), &Profile::default_profile(), &Overrule::none())
}

/// The finished bytes, if it was cleared.
pub(crate) fn bytes(outcome: Outcome) -> Option<Vec<u8>> {
    match outcome {
        Outcome::Cleared(instance) => Some(instance.get().bytes.clone()),
        Outcome::Quarantine(_) | Outcome::Refused(_) => None,
    }
}

/// A finished file, read.
pub(crate) fn reread(bytes: &[u8]) -> Part10 {
    read(bytes, &Limits::default()).unwrap()
}
