//! What was done, written into the data set (PS3.15 E.1.1; PS3.16 CID 7050).

use sumgil_dicom::{
    DataSet,
    dicom_core::{PrimitiveValue, VR, value::DataSetSequence},
    dictionary::tags,
};

use crate::{Profile, text::Element};

/// Writes (0012,0062), (0012,0063), (0012,0064), (0028,0303) and, where there are pixels, (0028,0301).
pub(crate) fn describe(data_set: &mut DataSet, profile: &Profile, has_pixels: bool) {
    let mut put = |tag, vr, value: &str| {
        data_set.put(Element::new(tag, vr, PrimitiveValue::from(value)));
    };
    put(tags::SPECIFIC_CHARACTER_SET, VR::CS, sumgil_dicom::charset::UTF8);
    put(tags::PATIENT_IDENTITY_REMOVED, VR::CS, "YES");
    put(tags::DEIDENTIFICATION_METHOD, VR::LO, &profile.method());
    let dates = if profile.options().retain_modified_dates { "MODIFIED" } else { "REMOVED" };
    put(tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED, VR::CS, dates);
    if has_pixels {
        put(tags::BURNED_IN_ANNOTATION, VR::CS, "NO");
    }
    let items: Vec<DataSet> = profile.codes().iter().map(|one| code(one.value, one.meaning)).collect();
    data_set.put(Element::new(
        tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
        VR::SQ,
        DataSetSequence::from(items),
    ));
}

fn code(value: &str, meaning: &str) -> DataSet {
    let text = |tag, vr, value: &str| Element::new(tag, vr, PrimitiveValue::from(value));
    DataSet::from_element_iter([
        text(tags::CODE_VALUE, VR::SH, value),
        text(tags::CODING_SCHEME_DESIGNATOR, VR::SH, "DCM"),
        text(tags::CODE_MEANING, VR::LO, meaning),
    ])
}
