//! Which UIDs name classes of things, not things.

use dicom_core::Tag;
use dicom_dictionary_std::tags;

/// Attributes whose UIDs name a class, a coding scheme or a transfer syntax and never an instance: makers may have
/// their own.
pub const CLASS_UIDS: [Tag; 15] = [
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
    tags::MANUFACTURER_DEVICE_CLASS_UID,
];
/// Root of the UIDs that the standard itself defines: they name no instance.
pub const STANDARD_ROOT: &str = "1.2.840.10008.";
