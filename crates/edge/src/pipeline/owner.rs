//! What one header tells of its patient, and whose it really is.

use std::collections::HashMap;

use sumgil_deid::{PatientIdentifiers, linkage::NationalNumber};
use sumgil_dicom::DataSet;

use crate::{
    Edge, EdgeError,
    intake::Facts,
    spool::{Alias, LookUp},
};

/// What headers tell of a patient.
#[derive(Default)]
pub(super) struct Known {
    pub(super) identifiers: PatientIdentifiers,
    /// National numbers, where linkage is on.
    pub(super) numbers: Vec<NationalNumber>,
}

impl Known {
    pub(super) fn of(data_set: &DataSet, edge: &Edge) -> Self {
        let mut identifiers = PatientIdentifiers::default();
        identifiers.learn(data_set);
        let numbers = edge.linkage.as_ref().map(|linkage| linkage.numbers(data_set)).unwrap_or_default();
        Self { identifiers, numbers }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.identifiers.merge(&other.identifiers);
        self.numbers.extend(other.numbers);
        self.numbers.sort();
        self.numbers.dedup();
    }
}

/// Whose the instances of a study really are: patients that were merged and studies that were misfiled are looked up
/// once a patient.
pub(super) struct Owners<'a> {
    edge: &'a Edge,
    study: &'a LookUp,
    known: HashMap<LookUp, Option<Alias>>,
}

impl<'a> Owners<'a> {
    pub(super) fn new(edge: &'a Edge, study: &'a LookUp) -> Self {
        Self { edge, study, known: HashMap::new() }
    }

    /// The fingerprint of the patient whose the instance is; `facts` then say so too.
    pub(super) async fn of(&mut self, patient: &LookUp, facts: &mut Facts) -> Result<LookUp, EdgeError> {
        if !self.known.contains_key(patient) {
            let alias = self.edge.db.real_patient(patient, Some(self.study)).await?;
            self.known.insert(patient.clone(), alias);
        }
        let Some(alias) = self.known.get(patient).cloned().flatten() else { return Ok(patient.clone()) };
        if alias.patient_key != *patient {
            facts.is_really_of(alias.identity);
        }
        Ok(alias.patient_key)
    }
}
