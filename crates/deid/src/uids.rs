//! Which UIDs are replaced: all but those that the standard or a maker defined for a class of things.

use sumgil_dicom::{
    confidentiality::{CLASS_UIDS, STANDARD_ROOT},
    dicom_core::Tag,
    dictionary::tags,
};

/// Whether the value of a UI attribute stays as it is: of classes, and Device UID (Retain Device Identity).
pub(crate) fn stays(tag: Tag, value: &str) -> bool {
    value.is_empty()
        || is_standard(value)
        || ((CLASS_UIDS.contains(&tag) || tag == tags::DEVICE_UID) && is_uid(value))
}

/// A UID under the standard's root that can be no patient's text.
pub(crate) fn is_standard(value: &str) -> bool {
    value.starts_with(STANDARD_ROOT) && is_uid(value)
}

fn is_uid(value: &str) -> bool {
    value.len() <= 64 && value.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}
