//! Identifiers in odd places and levels down: requests, old numbers, what an archive changed, local codes.

use sumgil_dicom::{
    confidentiality,
    dicom_core::{Tag, VR},
    dictionary::tags,
};

use super::{
    header::{Place, class},
    key::Action,
    sheet::Sheet,
    speaker::Speaker,
};

/// Plants sequences in the main data set.
pub(super) fn plant(place: &Place<'_>, speaker: &mut Speaker<'_>, sheet: &mut Sheet) {
    if speaker.chance.is(0.7) {
        request(place, speaker, sheet);
    }
    if speaker.chance.is(0.5) {
        other_numbers(place, speaker, sheet);
    }
    if speaker.chance.is(0.4) {
        original_attributes(place, sheet);
    }
    if speaker.chance.is(0.6) {
        protocol_codes(speaker, sheet);
    }
    if speaker.chance.is(0.3) {
        referenced_study(place, sheet);
    }
    if speaker.chance.is(0.4) {
        unlisted(speaker, sheet);
    }
    if speaker.chance.is(0.3) {
        unknown_vr(speaker, sheet);
    }
}

fn request(place: &Place<'_>, speaker: &mut Speaker<'_>, sheet: &mut Sheet) {
    let mut item = sheet.item();
    item.text(tags::ACCESSION_NUMBER, &place.visit.accession)
        .remove(tags::REQUESTED_PROCEDURE_ID, "id", &place.record.patient_id)
        .clean(tags::SCHEDULED_PROCEDURE_STEP_DESCRIPTION, &speaker.sentence(64))
        .clean(tags::REQUESTED_PROCEDURE_DESCRIPTION, &speaker.phrase(64));
    sheet.sequence(tags::REQUEST_ATTRIBUTES_SEQUENCE, vec![item]);
}

fn other_numbers(place: &Place<'_>, speaker: &mut Speaker<'_>, sheet: &mut Sheet) {
    let person = &place.record.person;
    let mut resident = sheet.item();
    resident
        .remove(tags::PATIENT_ID, "rrn", &person.resident_number)
        .text(tags::ISSUER_OF_PATIENT_ID, "MOIS")
        .text(tags::TYPE_OF_PATIENT_ID, "TEXT");
    let mut former = sheet.item();
    former.remove(tags::PATIENT_ID, "id", &speaker.chance.digits(8)).text(tags::TYPE_OF_PATIENT_ID, "TEXT");
    sheet.sequence(tags::OTHER_PATIENT_I_DS_SEQUENCE, vec![resident, former]);
}

/// What the patient was called before an archive merged two records.
fn original_attributes(place: &Place<'_>, sheet: &mut Sheet) {
    let person = &place.record.person;
    let mut before = sheet.item();
    before.remove(tags::PATIENT_NAME, "name", &person.name.pn(place.script)).remove(
        tags::PATIENT_ID,
        "id",
        &place.record.patient_id,
    );
    let mut change = sheet.item();
    change
        .sequence(tags::MODIFIED_ATTRIBUTES_SEQUENCE, vec![before])
        .text(tags::ATTRIBUTE_MODIFICATION_DATE_TIME, "20200229101112")
        .text(tags::MODIFYING_SYSTEM, "MERGER")
        .text(tags::SOURCE_OF_PREVIOUS_VALUES, place.home().code)
        .text(tags::REASON_FOR_THE_ATTRIBUTE_MODIFICATION, "CORRECT");
    sheet.sequence(tags::ORIGINAL_ATTRIBUTES_SEQUENCE, vec![change]);
}

/// Codes of the hospital's own list: their meanings are free text.
fn protocol_codes(speaker: &mut Speaker<'_>, sheet: &mut Sheet) {
    let meaning = if speaker.chance.is(0.35) { speaker.sentence(64) } else { speaker.phrase(64) };
    let mut item = sheet.item();
    item.text(tags::CODE_VALUE, &format!("HC{}", speaker.chance.digits(3)))
        .text(tags::CODING_SCHEME_DESIGNATOR, "99HIS")
        .clean(tags::CODE_MEANING, &meaning);
    sheet.sequence(tags::PERFORMED_PROTOCOL_CODE_SEQUENCE, vec![item]);
}

/// The study before, by its UIDs.
fn referenced_study(place: &Place<'_>, sheet: &mut Sheet) {
    let mut instance = sheet.item();
    instance
        .text(tags::REFERENCED_SOP_CLASS_UID, class::CT)
        .uid(tags::REFERENCED_SOP_INSTANCE_UID, &place.other_uid(11));
    let mut series = sheet.item();
    series
        .uid(tags::SERIES_INSTANCE_UID, &place.other_uid(12))
        .sequence(tags::REFERENCED_INSTANCE_SEQUENCE, vec![instance]);
    let mut study = sheet.item();
    study
        .uid(tags::STUDY_INSTANCE_UID, &place.other_uid(13))
        .sequence(tags::REFERENCED_SERIES_SEQUENCE, vec![series]);
    sheet.sequence(tags::STUDIES_CONTAINING_OTHER_REFERENCED_INSTANCES_SEQUENCE, vec![study]);
}

/// Text where the table expects none.
fn unlisted(speaker: &mut Speaker<'_>, sheet: &mut Sheet) {
    const PLACES: [(Tag, VR, usize); 3] = [
        (tags::ACQUISITION_DEVICE_PROCESSING_CODE, VR::LO, 64),
        (tags::CONTRAST_BOLUS_ROUTE, VR::LO, 64),
        (tags::SEQUENCE_NAME, VR::SH, 16),
    ];
    let (tag, vr, longest) = *speaker.chance.pick(&PLACES);
    if confidentiality::row(tag).is_some() || sheet.has(tag) {
        return;
    }
    let saying = if longest < 20 { speaker.bare(longest) } else { speaker.sentence(longest) };
    for (kind, value) in &saying.plants {
        sheet.note(tag, kind, value, Action::TextRemoved);
    }
    sheet.put(tag, vr, &saying.text);
}

/// A known attribute under the unknown VR, as gateways write it that did not know it.
fn unknown_vr(speaker: &mut Speaker<'_>, sheet: &mut Sheet) {
    if !sheet.has(tags::PATIENT_COMMENTS) {
        let saying = speaker.sentence(120);
        sheet.clean(tags::PATIENT_COMMENTS, &saying).put(tags::PATIENT_COMMENTS, VR::UN, &saying.text);
    }
}
