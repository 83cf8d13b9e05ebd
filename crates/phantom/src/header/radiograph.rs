//! Radiographs: digital (DX) and computed (CR).

use sumgil_dicom::dictionary::tags;

use super::{
    Header, Place,
    common::{Pixels, put_words},
    private,
};
use crate::{
    cohort::{Content, Family},
    image::{DETECTOR_MM, ImageSize},
};

const DX_FOR_PRESENTATION: &str = "1.2.840.10008.5.1.4.1.1.1.1";
const CR_STORAGE: &str = "1.2.840.10008.5.1.4.1.1.1";

/// The data set of a radiograph with grey values of 12 bits.
pub(crate) fn radiograph(place: &Place<'_>, size: ImageSize, grey: &[u16]) -> Header {
    let computed = place.exam.device.model.family == Family::Cr;
    let mut h =
        if computed { place.header(CR_STORAGE, "CR") } else { place.header(DX_FOR_PRESENTATION, "DX") };
    view(place, &mut h);
    exposure(place, &mut h);
    let spacing = format!(
        "{:.4}\\{:.4}",
        DETECTOR_MM[1] / size.cxr_rows as f32,
        DETECTOR_MM[0] / size.cxr_columns as f32
    );
    h.text(tags::IMAGER_PIXEL_SPACING, &spacing)
        .text(tags::WINDOW_CENTER, "2048")
        .text(tags::WINDOW_WIDTH, "4096")
        .text(tags::LOSSY_IMAGE_COMPRESSION, "00");
    if computed {
        h.text(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY")
            .text(tags::PLATE_TYPE, "ST-VI")
            .text(tags::RESCALE_INTERCEPT, "0")
            .text(tags::RESCALE_SLOPE, "1")
            .text(tags::RESCALE_TYPE, "US");
    } else {
        digital(&mut h);
    }
    if !place.exam.unmarked {
        h.text(tags::BURNED_IN_ANNOTATION, "NO");
    }
    pixels(&mut h, size, grey, computed);
    private::blocks(place, &mut h);
    h
}

fn view(place: &Place<'_>, h: &mut Header) {
    let (position, orientation, code) = match place.file.content {
        Content::Lateral => ("LL", "A\\F", ("399198007", "SCT", "left lateral")),
        _ if place.exam.portable => ("AP", "L\\F", ("399348003", "SCT", "antero-posterior")),
        _ => ("PA", "L\\F", ("272479007", "SCT", "postero-anterior")),
    };
    h.text(tags::VIEW_POSITION, position)
        .text(tags::PATIENT_ORIENTATION, orientation)
        .text(tags::BODY_PART_EXAMINED, "CHEST")
        .text(tags::SERIES_DESCRIPTION, &format!("Chest {position}"))
        .text(tags::PROTOCOL_NAME, &format!("CHEST {position}"))
        .text(tags::ACQUISITION_NUMBER, &place.file.instance.to_string());
    if place.exam.device.model.family != Family::Cr {
        let modifier = tags::VIEW_MODIFIER_CODE_SEQUENCE;
        let mut item = h.sub_item();
        item.text(tags::CODE_VALUE, code.0)
            .text(tags::CODING_SCHEME_DESIGNATOR, code.1)
            .text(tags::CODE_MEANING, code.2)
            .sequence(modifier, Vec::new());
        h.sequence(tags::VIEW_CODE_SEQUENCE, vec![item]);
    }
}

fn exposure(place: &Place<'_>, h: &mut Header) {
    let mut dice = place.exam_dice();
    let kvp = if place.exam.portable { dice.whole(85, 95) } else { dice.whole(110, 125) };
    let time = dice.whole(4, 22);
    h.text(tags::KVP, &kvp.to_string())
        .text(tags::EXPOSURE_TIME, &time.to_string())
        .text(tags::X_RAY_TUBE_CURRENT, &dice.whole(160, 400).to_string())
        .text(tags::EXPOSURE, &dice.whole(1, 4).to_string())
        .text(tags::DISTANCE_SOURCE_TO_DETECTOR, if place.exam.portable { "1000" } else { "1800" })
        .text(tags::GRID, if place.exam.portable { "NONE" } else { "RECIPROCATING" });
}

/// What the DX object demands beyond CR.
fn digital(h: &mut Header) {
    h.text(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\")
        .text(tags::PRESENTATION_INTENT_TYPE, "FOR PRESENTATION")
        .text(tags::IMAGE_LATERALITY, "U")
        .code(tags::ANATOMIC_REGION_SEQUENCE, ("51185008", "SCT", "Chest"))
        .text(tags::PIXEL_INTENSITY_RELATIONSHIP, "LOG")
        .value(
            tags::PIXEL_INTENSITY_RELATIONSHIP_SIGN,
            sumgil_dicom::dicom_core::VR::SS,
            sumgil_dicom::dicom_core::PrimitiveValue::from(-1_i16),
        )
        .text(tags::RESCALE_INTERCEPT, "0")
        .text(tags::RESCALE_SLOPE, "1")
        .text(tags::RESCALE_TYPE, "US")
        .text(tags::PRESENTATION_LUT_SHAPE, "IDENTITY")
        .text(tags::DETECTOR_TYPE, "SCINTILLATOR")
        .text(tags::POSITIONER_TYPE, "NONE")
        .text(tags::DETECTOR_ID, "FXRD-1717")
        .sequence(tags::ACQUISITION_CONTEXT_SEQUENCE, Vec::new());
}

fn pixels(h: &mut Header, size: ImageSize, grey: &[u16], inverse: bool) {
    let photometric = if inverse { "MONOCHROME1" } else { "MONOCHROME2" };
    Pixels { rows: size.cxr_rows, columns: size.cxr_columns, bits_stored: 12, signed: false, photometric }
        .describe(h);
    put_words(h, grey.iter().map(|&g| if inverse { 4095 - g } else { g }));
}
