//! A patient, as far as de-identification needs to know one.

use std::sync::OnceLock;

use sumgil_dicom::{DataSet, access, dictionary::tags};

use crate::{
    PatientIdentifiers, PatientIdentity, Profile, PseudonymKey, descriptors::Cleaned, gate::Searcher,
};

/// Identity and identifiers of one patient. The search is compiled at first use and kept.
pub struct Patient {
    identity: PatientIdentity,
    identifiers: PatientIdentifiers,
    searcher: OnceLock<Searcher>,
    cleaned: Cleaned,
}

impl Patient {
    /// A patient with everything that was learned of them so far.
    pub fn new(identity: PatientIdentity, identifiers: PatientIdentifiers) -> Self {
        Self { identity, identifiers, searcher: OnceLock::new(), cleaned: Cleaned::default() }
    }

    /// Who this is.
    pub fn identity(&self) -> &PatientIdentity {
        &self.identity
    }

    /// What names them.
    pub fn identifiers(&self) -> &PatientIdentifiers {
        &self.identifiers
    }

    /// Whether a text names the patient: a name, number, phrase or date of theirs in any spelling.
    pub fn is_named_in(&self, text: &str) -> bool {
        self.searcher().in_text(text)
    }

    /// A keyed mark that changes when the key, the profile, the patient or any of the identifiers does: what
    /// was finished under the same mark comes out the same again.
    pub fn mark(&self, key: &PseudonymKey, profile: &Profile) -> String {
        let known = self.identifiers.to_json_bytes();
        let version = [profile.version(), "/", env!("CARGO_PKG_VERSION")].concat();
        key.mark(&[
            &version,
            self.identity.issuer(),
            self.identity.patient_id(),
            &String::from_utf8_lossy(&known),
        ])
    }

    pub(crate) fn cleaned(&self) -> &Cleaned {
        &self.cleaned
    }

    pub(crate) fn searcher(&self) -> &Searcher {
        self.searcher.get_or_init(|| Searcher::new(&self.identifiers))
    }
}

impl PatientIdentity {
    /// The identity that a header states: Issuer of Patient ID (0010,0021), else the universal entity ID of its
    /// qualifiers, else `site`; and Patient ID (0010,0020).
    ///
    /// A header without a patient ID names nobody twice: its study stands for the patient. `None` without a
    /// study UID, too.
    pub fn of(data_set: &DataSet, site: &str) -> Option<Self> {
        let issuer =
            access::text(data_set, tags::ISSUER_OF_PATIENT_ID).or_else(|| qualified_issuer(data_set));
        match access::text(data_set, tags::PATIENT_ID) {
            Some(id) => Some(Self::new(issuer.as_deref().unwrap_or(site), &id)),
            None => Some(Self::new("no patient id", &access::text(data_set, tags::STUDY_INSTANCE_UID)?)),
        }
    }
}

fn qualified_issuer(data_set: &DataSet) -> Option<String> {
    let sequence = data_set.get(tags::ISSUER_OF_PATIENT_ID_QUALIFIERS_SEQUENCE)?;
    access::text(sequence.items()?.first()?, tags::UNIVERSAL_ENTITY_ID)
}

#[cfg(test)]
mod tests {
    use sumgil_dicom::dicom_core::{DataElement, PrimitiveValue, VR};

    use super::*;

    #[test]
    fn issuer_else_site_and_number_else_study() {
        let mut data_set = DataSet::new_empty();
        assert!(PatientIdentity::of(&data_set, "hanbit").is_none());
        let mut put = |tag, vr, text: &str| {
            data_set.put(DataElement::new(tag, vr, PrimitiveValue::from(text)));
            PatientIdentity::of(&data_set, "hanbit").unwrap()
        };
        let study = put(tags::STUDY_INSTANCE_UID, VR::UI, "1.2.3");
        assert!(study.patient_id() == "1.2.3");
        let by_site = put(tags::PATIENT_ID, VR::LO, "0815 ");
        assert!(by_site == PatientIdentity::new("hanbit", "0815"));
        let by_issuer = put(tags::ISSUER_OF_PATIENT_ID, VR::LO, "MIRAE");
        assert!(by_issuer == PatientIdentity::new("MIRAE", "0815"));
    }
}
