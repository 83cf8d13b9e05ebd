//! Which SOP classes are storage classes, as far as the standard's list of UIDs says.

use dicom_core::dictionary::UidDictionary;
use dicom_dictionary_std::StandardSopClassDictionary;

/// Whether `sop_class` is a storage SOP class; `None` when the standard's list does not have it (new or private).
pub fn is_storage_class(sop_class: &str) -> Option<bool> {
    let entry = StandardSopClassDictionary.by_uid(sop_class)?;
    let name = entry.name;
    let other = ["Storage Commitment", "Media Storage Directory", "Storage Management"];
    Some(name.contains("Storage") && !other.iter().any(|word| name.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_classes_are_told_from_services() {
        for storage in
            ["1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.5.1.4.1.1.88.67"]
        {
            assert_eq!(is_storage_class(storage), Some(true), "{storage}");
        }
        for service in [
            "1.2.840.10008.1.1",
            "1.2.840.10008.1.20.1",
            "1.2.840.10008.5.1.4.1.2.2.1",
            "1.2.840.10008.1.3.10",
        ] {
            assert_eq!(is_storage_class(service), Some(false), "{service}");
        }
        assert_eq!(is_storage_class("1.2.840.113619.4.27"), None);
    }
}
