//! Presentation states: marks that a reader drew, with words.

use sumgil_dicom::{
    dicom_core::{PrimitiveValue, VR},
    dictionary::tags,
};

use super::{
    header::{Place, class, header},
    key::Action,
    sheet::Sheet,
    speaker::Speaker,
    spelling::compact,
};

/// A presentation state with two texts, of which one names the patient.
pub(super) fn state(place: &Place<'_>, speaker: &mut Speaker<'_>) -> Sheet {
    let mut sheet = header(place, class::PR);
    let creator = speaker.doctor().clone();
    let mut texts = vec![text(place, speaker, &sheet, true), text(place, speaker, &sheet, false)];
    texts.rotate_left(speaker.chance.size(0, 1));
    let mut annotation = sheet.item();
    annotation.text(tags::GRAPHIC_LAYER, "NOTES").sequence(tags::TEXT_OBJECT_SEQUENCE, texts);
    let mut layer = sheet.item();
    layer.text(tags::GRAPHIC_LAYER, "NOTES").text(tags::GRAPHIC_LAYER_ORDER, "1");
    sheet
        .sequence(tags::GRAPHIC_ANNOTATION_SEQUENCE, vec![annotation])
        .sequence(tags::GRAPHIC_LAYER_SEQUENCE, vec![layer])
        .text(tags::CONTENT_LABEL, "READING")
        .remove(tags::CONTENT_CREATOR_NAME, "name", &creator.pn(place.script))
        .shift(tags::PRESENTATION_CREATION_DATE, &compact(place.visit.day))
        .text(tags::PRESENTATION_CREATION_TIME, "081500")
        .text(tags::PRESENTATION_LUT_SHAPE, "IDENTITY");
    let author = format!("{} {}", creator.latin.1, creator.latin.0);
    sheet.note(tags::CONTENT_DESCRIPTION, "name", &author, Action::TextRemoved);
    sheet.text(tags::CONTENT_DESCRIPTION, &format!("by {author}"));
    referenced(place, &mut sheet);
    sheet
}

fn text(place: &Place<'_>, speaker: &mut Speaker<'_>, sheet: &Sheet, names: bool) -> Sheet {
    let mut item = sheet.item();
    item.text(tags::BOUNDING_BOX_ANNOTATION_UNITS, "PIXEL")
        .text(tags::BOUNDING_BOX_TEXT_HORIZONTAL_JUSTIFICATION, "LEFT")
        .value(
            tags::BOUNDING_BOX_TOP_LEFT_HAND_CORNER,
            VR::FL,
            PrimitiveValue::F32([10.0, 20.0].as_slice().into()),
        );
    if names {
        let name = place.record.person.name.local(place.script);
        item.note(tags::UNFORMATTED_TEXT_VALUE, "name", &name, Action::TextRemoved);
        item.note(tags::UNFORMATTED_TEXT_VALUE, "id", &place.record.patient_id, Action::TextRemoved);
        item.text(tags::UNFORMATTED_TEXT_VALUE, &format!("{name} #{}", place.record.patient_id));
    } else {
        item.text(tags::UNFORMATTED_TEXT_VALUE, &speaker.phrase(40).text);
    }
    item
}

fn referenced(place: &Place<'_>, sheet: &mut Sheet) {
    let mut image = sheet.item();
    image
        .text(tags::REFERENCED_SOP_CLASS_UID, class::DX)
        .uid(tags::REFERENCED_SOP_INSTANCE_UID, &place.other_uid(3));
    let mut series = sheet.item();
    series
        .uid(tags::SERIES_INSTANCE_UID, &place.other_uid(4))
        .sequence(tags::REFERENCED_IMAGE_SEQUENCE, vec![image]);
    sheet.sequence(tags::REFERENCED_SERIES_SEQUENCE, vec![series]);
}
