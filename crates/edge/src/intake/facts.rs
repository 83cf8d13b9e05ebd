//! What the edge has to know of an instance before it is de-identified.

/// Attributes of one received instance. Holds identities: no `Debug`, no `Display`, no `Serialize`.
#[derive(Clone, Default)]
pub struct Facts {
    /// Issuer of Patient ID (0010,0021); empty when absent.
    pub issuer: String,
    /// Patient ID (0010,0020); empty when absent.
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
}
