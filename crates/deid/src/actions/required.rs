//! Which of the actions of a compound (X/Z, X/D, Z/D, X/Z/D) applies: it depends on the type that the
//! attribute has in the IOD (PS3.15 E.3, "so as to maintain IOD conformance").
//!
//! For type 2 an empty value, else removal. The table names the attributes that have a compound action and are
//! type 2 in a common IOD; every other is type 3. None of them is type 1 in an IOD that this profile clears, so
//! that a dummy is never needed.

use sumgil_dicom::{dicom_core::Tag, dictionary::tags};

/// The type of an attribute in an IOD (PS3.5 7.4).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Required {
    /// Type 2: present, may be empty.
    Presence,
    /// Type 3, or not in the IOD: may be absent.
    No,
}

/// Beginnings of SOP class UIDs, without the storage root `1.2.840.10008.5.1.4.1.1.`.
const RADIOTHERAPY: &str = "481.";
const PRESENTATION: &str = "11.";
const SEGMENTATION: &str = "66.";
const STRUCTURED_REPORT: &str = "88.";
const ROOT: &str = "1.2.840.10008.5.1.4.1.1.";

const TYPES: &[(Tag, &str, Required)] = &[
    (tags::OPERATORS_NAME, RADIOTHERAPY, Required::Presence),
    (tags::REVIEWER_NAME, RADIOTHERAPY, Required::Presence),
    (tags::CONTENT_CREATOR_NAME, PRESENTATION, Required::Presence),
    (tags::CONTENT_CREATOR_NAME, SEGMENTATION, Required::Presence),
    (tags::REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE, STRUCTURED_REPORT, Required::Presence),
    // Type 2 in the patient and study modules of every composite IOD.
    (tags::PATIENT_ID, "", Required::Presence),
    (tags::PATIENT_NAME, "", Required::Presence),
    (tags::PATIENT_BIRTH_DATE, "", Required::Presence),
    (tags::ACCESSION_NUMBER, "", Required::Presence),
    (tags::STUDY_ID, "", Required::Presence),
    (tags::REFERRING_PHYSICIAN_NAME, "", Required::Presence),
];

/// The type of `tag` in the IOD of `sop_class`.
pub(crate) fn required(tag: Tag, sop_class: &str) -> Required {
    let class = sop_class.strip_prefix(ROOT).unwrap_or_default();
    TYPES
        .iter()
        .find(|(other, prefix, _)| *other == tag && class.starts_with(prefix))
        .map_or(Required::No, |(.., required)| *required)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_name_is_type_2_in_radiotherapy_only() {
        assert!(required(tags::OPERATORS_NAME, "1.2.840.10008.5.1.4.1.1.481.5") == Required::Presence);
        assert!(required(tags::OPERATORS_NAME, "1.2.840.10008.5.1.4.1.1.2") == Required::No);
        assert!(required(tags::PATIENT_ID, "1.2.3") == Required::Presence);
    }
}
