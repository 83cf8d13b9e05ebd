//! Dose reports: as X-Ray Radiation Dose SR, and as a screen with the patient's name in its pixels.

use sumgil_dicom::{
    dicom_core::{PrimitiveValue, VR},
    dictionary::tags,
};

use super::{Header, Place, common::Pixels};
use crate::image::draw_text;

const DOSE_SR: &str = "1.2.840.10008.5.1.4.1.1.88.67";
const SECONDARY_CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7";

/// A dose report as structured report.
pub(crate) fn dose_structured(place: &Place<'_>) -> Header {
    let mut h = place.header(DOSE_SR, "SR");
    let operator = &place.site.staff[place.exam.accession.len() % place.site.staff.len()];
    let mut observer = item(&h, "HAS OBS CONTEXT", "PNAME", ("121008", "DCM", "Person Observer Name"));
    observer.text(tags::PERSON_NAME, &operator.latin_pn());
    let mut started =
        item(&h, "HAS OBS CONTEXT", "DATETIME", ("113809", "DCM", "Start of X-Ray Irradiation"));
    started.text(tags::DATE_TIME, &place.exam.at.strftime("%Y%m%d%H%M%S").to_string());
    let mut comment = item(&h, "CONTAINS", "TEXT", ("121106", "DCM", "Comment"));
    comment
        .text(tags::TEXT_VALUE, &format!("{} {}", place.subject.person.name.joined(), place.exam.accession));
    h.text(tags::SERIES_DESCRIPTION, "Dose Report")
        .sequence(tags::REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE, Vec::new())
        .sequence(tags::PERFORMED_PROCEDURE_CODE_SEQUENCE, Vec::new())
        .text(tags::COMPLETION_FLAG, "COMPLETE")
        .text(tags::VERIFICATION_FLAG, "UNVERIFIED")
        .text(tags::VALUE_TYPE, "CONTAINER")
        .text(tags::CONTINUITY_OF_CONTENT, "SEPARATE")
        .code(tags::CONCEPT_NAME_CODE_SEQUENCE, ("113701", "DCM", "X-Ray Radiation Dose Report"))
        .sequence(tags::CONTENT_SEQUENCE, vec![observer, started, comment]);
    h
}

fn item(h: &Header, relationship: &str, value_type: &str, concept: (&str, &str, &str)) -> Header {
    let mut item = h.sub_item();
    item.text(tags::RELATIONSHIP_TYPE, relationship)
        .text(tags::VALUE_TYPE, value_type)
        .code(tags::CONCEPT_NAME_CODE_SEQUENCE, concept);
    item
}

/// A dose report as a picture: name, number and day stand in the pixels.
pub(crate) fn dose_screen(place: &Place<'_>) -> Header {
    let mut h = place.header(SECONDARY_CAPTURE, "CT");
    let (rows, columns) = (96, 160);
    let mut image = vec![0_u8; rows * columns];
    let person = &place.subject.person;
    let lines = [
        person.name.latin_pn().replace('^', " "),
        person.patient_id.clone(),
        place.day(),
        "DLP 212 MGYCM".to_owned(),
    ];
    for (line, text) in lines.iter().enumerate() {
        draw_text(&mut image, columns, (4, 6 + 20 * line), 2, text);
    }
    h.text(tags::SERIES_DESCRIPTION, "Patient Protocol")
        .text(tags::IMAGE_TYPE, "DERIVED\\SECONDARY\\OTHER")
        .text(tags::BODY_PART_EXAMINED, "CHEST")
        .text(tags::CONVERSION_TYPE, "WSD")
        .text(tags::BURNED_IN_ANNOTATION, "YES")
        .text(tags::PATIENT_ORIENTATION, "");
    Pixels { rows, columns, bits_stored: 8, signed: false, photometric: "MONOCHROME2" }.describe(&mut h);
    h.value(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U8(image.into()));
    h
}
