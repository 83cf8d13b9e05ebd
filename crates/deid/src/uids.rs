//! Which UIDs are replaced: all but those that the standard or a maker defined for a class of things.

use sumgil_dicom::{dicom_core::Tag, dictionary::tags};

/// Root of the UIDs that the standard itself defines: they name no instance.
pub(crate) const STANDARD_ROOT: &str = "1.2.840.10008.";

/// Attributes that name a class, a coding scheme or a device and never an instance; Device UID is retained
/// (Retain Device Identity).
const KEPT: [Tag; 16] = [
    tags::SOP_CLASS_UID,
    tags::REFERENCED_SOP_CLASS_UID,
    tags::RELATED_GENERAL_SOP_CLASS_UID,
    tags::ORIGINAL_SPECIALIZED_SOP_CLASS_UID,
    tags::SOP_CLASSES_IN_STUDY,
    tags::SOP_CLASSES_SUPPORTED,
    tags::CODING_SCHEME_UID,
    tags::CONTEXT_UID,
    tags::MAPPING_RESOURCE_UID,
    tags::PRIVATE_INFORMATION_CREATOR_UID,
    tags::REFERENCED_SOP_CLASS_UID_IN_FILE,
    tags::MAC_CALCULATION_TRANSFER_SYNTAX_UID,
    tags::AVAILABLE_TRANSFER_SYNTAX_UID,
    tags::ENCRYPTED_CONTENT_TRANSFER_SYNTAX_UID,
    tags::DEVICE_UID,
    tags::MANUFACTURER_DEVICE_CLASS_UID,
];

/// Whether the value of a UI attribute stays as it is.
pub(crate) fn stays(tag: Tag, value: &str) -> bool {
    value.is_empty() || is_standard(value) || (KEPT.contains(&tag) && is_uid(value))
}

/// A UID under the standard's root that can be no patient's text.
pub(crate) fn is_standard(value: &str) -> bool {
    value.starts_with(STANDARD_ROOT) && is_uid(value)
}

fn is_uid(value: &str) -> bool {
    value.len() <= 64 && value.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}
