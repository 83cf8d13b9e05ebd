//! What the edge has to know of an instance before it is de-identified.

use sumgil_deid::PatientIdentity;
use sumgil_dicom::{DataSet, access::text, dictionary::tags};
use zeroize::Zeroize;

/// Attributes of one received instance. Holds identities: no `Debug`, no `Display`, no `Serialize`.
#[derive(Clone, Default)]
pub struct Facts {
    /// Who issued the patient ID, or the site.
    pub issuer: String,
    /// Patient ID (0010,0020), or what stands for it.
    pub patient_id: String,
    /// Accession Number (0008,0050); empty when absent.
    pub accession_number: String,
    /// Study Instance UID (0020,000D), as received.
    pub study_uid: String,
    /// SOP Instance UID (0008,0018), as received.
    pub sop_instance_uid: String,
    /// Modality (0008,0060), upper case.
    pub modality: String,
    /// Body Part Examined (0018,0015), upper case.
    pub body_part: String,
    /// Manufacturer (0008,0070) and Manufacturer's Model Name (0008,1090).
    pub device: String,
    /// Issuer and patient ID of the header, where the instance turned out to be another patient's.
    pub former: Option<(String, String)>,
}

impl Facts {
    /// Reads them from a data set, pixels or not. `site` stands for an issuer that the header does not name.
    pub fn of(data_set: &DataSet, site: &str) -> Self {
        let get = |tag| text(data_set, tag).unwrap_or_default();
        let identity = PatientIdentity::of(data_set, site);
        Self {
            issuer: identity.as_ref().map_or(NOBODY, PatientIdentity::issuer).to_owned(),
            patient_id: identity
                .as_ref()
                .map_or_else(|| get(tags::SOP_INSTANCE_UID), |identity| identity.patient_id().to_owned()),
            accession_number: get(tags::ACCESSION_NUMBER),
            study_uid: get(tags::STUDY_INSTANCE_UID),
            sop_instance_uid: get(tags::SOP_INSTANCE_UID),
            modality: get(tags::MODALITY).to_uppercase(),
            body_part: get(tags::BODY_PART_EXAMINED).to_uppercase(),
            device: device(&get(tags::MANUFACTURER), &get(tags::MANUFACTURER_MODEL_NAME)),
            former: None,
        }
    }

    /// The instance is another patient's than its header says.
    pub fn is_really_of(&mut self, (issuer, patient_id): (String, String)) {
        let former = (
            std::mem::replace(&mut self.issuer, issuer),
            std::mem::replace(&mut self.patient_id, patient_id),
        );
        self.former = Some(former);
    }

    /// The patient's identity, from which the pseudonym is made.
    pub fn identity(&self) -> PatientIdentity {
        PatientIdentity::new(&self.issuer, &self.patient_id)
    }
}

/// One line for maker and model, of bounded length.
fn device(maker: &str, model: &str) -> String {
    let words = maker.split_whitespace().chain(model.split_whitespace());
    words.collect::<Vec<_>>().join(" ").chars().take(100).collect()
}

/// The issuer of an instance that names neither patient nor study.
const NOBODY: &str = "no patient id";

impl Drop for Facts {
    fn drop(&mut self) {
        self.patient_id.zeroize();
        self.former.zeroize();
        self.accession_number.zeroize();
    }
}
