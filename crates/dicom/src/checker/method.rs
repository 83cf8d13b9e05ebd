//! What a finished data set must say of itself (PS3.15 E.1.1, PS3.3 C.12.1), and what it must not be.

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::Finding;
use crate::{DataSet, access, confidentiality::Options};

/// Encapsulated PDF, CDA, STL, OBJ, MTL: documents that nobody can clean.
const ENCAPSULATED_DOCUMENTS: &str = "1.2.840.10008.5.1.4.1.1.104.";
/// Codes of options that retain what this profile may not retain.
const RETAINING: [&str; 6] = ["113106", "113108", "113109", "113110", "113111", "113112"];

pub(super) fn check(data_set: &DataSet, options: &Options, findings: &mut Vec<Finding>) {
    let text = |tag| access::text(data_set, tag).unwrap_or_default();
    let mut require = |holds: bool, tag: Tag, rule| {
        if !holds {
            findings.push(Finding::at("", tag, rule));
        }
    };
    let temporal = match (options.retain_modified_dates, options.retain_full_dates) {
        (true, _) => "MODIFIED",
        (false, true) => "UNMODIFIED",
        (false, false) => "REMOVED",
    };
    require(text(tags::PATIENT_IDENTITY_REMOVED) == "YES", tags::PATIENT_IDENTITY_REMOVED, "not-marked");
    require(!text(tags::DEIDENTIFICATION_METHOD).is_empty(), tags::DEIDENTIFICATION_METHOD, "no-method");
    let at = tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED;
    require(text(at) == temporal, at, "temporal-information");
    require(text(tags::BURNED_IN_ANNOTATION) != "YES", tags::BURNED_IN_ANNOTATION, "burned-in");
    let is_document = text(tags::SOP_CLASS_UID).starts_with(ENCAPSULATED_DOCUMENTS)
        || data_set.get(tags::ENCAPSULATED_DOCUMENT).is_some();
    require(!is_document, tags::ENCAPSULATED_DOCUMENT, "encapsulated-document");
    let at = tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE;
    let stated = codes(data_set);
    let wanted = options.codes();
    require(wanted.iter().all(|code| stated.iter().any(|one| one == code.value)), at, "method-codes");
    let allowed = |code: &String| {
        !RETAINING.contains(&code.as_str()) || wanted.iter().any(|one| one.value == code.as_str())
    };
    require(stated.iter().all(allowed), at, "method-codes");
}

/// The options that a finished data set states for itself (0012,0064).
pub fn stated_options(data_set: &DataSet) -> Options {
    Options::of_codes(codes(data_set).iter().map(String::as_str))
}

/// The DCM codes of the method.
fn codes(data_set: &DataSet) -> Vec<String> {
    let sequence = data_set.get(tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE);
    let items = sequence.and_then(|element| element.value().items()).unwrap_or_default();
    let is_dcm =
        |item: &&DataSet| access::text(item, tags::CODING_SCHEME_DESIGNATOR).as_deref() == Some("DCM");
    items.iter().filter(is_dcm).filter_map(|item| access::text(item, tags::CODE_VALUE)).collect()
}
