//! Structured reports: who spoke of whom, findings in words, measurements.

use sumgil_dicom::{dicom_core::Tag, dictionary::tags};

use super::{
    header::{Place, class, header},
    sheet::Sheet,
    speaker::{Saying, Speaker},
    spelling::compact,
};

/// A basic text report.
pub(super) fn report(place: &Place<'_>, speaker: &mut Speaker<'_>) -> Sheet {
    let mut sheet = header(place, class::SR);
    sheet
        .text(tags::VALUE_TYPE, "CONTAINER")
        .text(tags::CONTINUITY_OF_CONTENT, "SEPARATE")
        .text(tags::COMPLETION_FLAG, "COMPLETE")
        .text(tags::VERIFICATION_FLAG, "UNVERIFIED")
        .code(tags::CONCEPT_NAME_CODE_SEQUENCE, ("18748-4", "LN", "Diagnostic imaging study"))
        .sequence(tags::REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE, Vec::new())
        .sequence(tags::PERFORMED_PROCEDURE_CODE_SEQUENCE, Vec::new());
    let mut content = context(place, speaker, &sheet);
    content.extend(words(speaker, &sheet));
    content.push(measurement(speaker, &sheet));
    content.push(conclusions(speaker, &sheet));
    content.push(reference(place, &sheet));
    sheet.sequence(tags::CONTENT_SEQUENCE, content);
    sheet
}

fn node(parent: &Sheet, relation: &str, kind: &str, concept: (&str, &str, &str)) -> Sheet {
    let mut item = parent.item();
    item.text(tags::RELATIONSHIP_TYPE, relation)
        .text(tags::VALUE_TYPE, kind)
        .code(tags::CONCEPT_NAME_CODE_SEQUENCE, concept);
    item
}

/// Observer and subject, as templates 1003 and 1007 have them.
fn context(place: &Place<'_>, speaker: &mut Speaker<'_>, sheet: &Sheet) -> Vec<Sheet> {
    const RELATION: &str = "HAS OBS CONTEXT";
    let (script, person) = (place.script, &place.record.person);
    let mut observer = node(sheet, RELATION, "PNAME", ("121008", "DCM", "Person Observer Name"));
    observer.remove(tags::PERSON_NAME, "name", &speaker.doctor().pn(script));
    let mut organisation =
        node(sheet, RELATION, "TEXT", ("121009", "DCM", "Person Observer's Organization Name"));
    let name = place.home().latin;
    organisation.remove(tags::TEXT_VALUE, "institution", name);
    let mut subject = node(sheet, RELATION, "PNAME", ("121029", "DCM", "Subject Name"));
    subject.remove(tags::PERSON_NAME, "name", &person.name.pn(script));
    let mut id = node(sheet, RELATION, "TEXT", ("121030", "DCM", "Subject ID"));
    id.remove(tags::TEXT_VALUE, "id", &place.record.patient_id);
    let mut birth = node(sheet, RELATION, "DATE", ("121031", "DCM", "Subject Birth Date"));
    birth.remove(tags::DATE, "date", &compact(person.birth));
    vec![observer, organisation, subject, id, birth]
}

/// Findings and history: sentences that hide the patient between words to keep.
fn words(speaker: &mut Speaker<'_>, sheet: &Sheet) -> Vec<Sheet> {
    let concepts = [("121071", "DCM", "Finding"), ("121106", "DCM", "Comment"), ("11329-0", "LN", "History")];
    let texts = concepts.map(|concept| {
        let mut item = node(sheet, "CONTAINS", "TEXT", concept);
        item.clean(tags::TEXT_VALUE, &sentences(speaker, 2));
        item
    });
    texts.into()
}

fn sentences(speaker: &mut Speaker<'_>, count: usize) -> Saying {
    let mut all = speaker.sentence(200);
    for _ in 1..count {
        let next = if speaker.chance.is(0.5) { speaker.phrase(60) } else { speaker.sentence(200) };
        all.text = format!("{}. {}", all.text, next.text);
        all.plants.extend(next.plants);
        all.keeps.extend(next.keeps);
    }
    all
}

fn measurement(speaker: &mut Speaker<'_>, sheet: &Sheet) -> Sheet {
    let mut item = node(sheet, "CONTAINS", "NUM", ("103355008", "SCT", "Width"));
    let mut value = sheet.item();
    value.keep(
        tags::NUMERIC_VALUE,
        &format!("{}.{}", speaker.chance.whole(2, 41), speaker.chance.whole(1, 9)),
    );
    value.code(tags::MEASUREMENT_UNITS_CODE_SEQUENCE, ("mm", "UCUM", "mm"));
    item.sequence(tags::MEASURED_VALUE_SEQUENCE, vec![value]);
    item
}

/// One level further down.
fn conclusions(speaker: &mut Speaker<'_>, sheet: &Sheet) -> Sheet {
    let mut text = node(sheet, "CONTAINS", "TEXT", ("121077", "DCM", "Conclusion"));
    text.clean(tags::TEXT_VALUE, &sentences(speaker, 3));
    let mut item = node(sheet, "CONTAINS", "CONTAINER", ("121076", "DCM", "Conclusions"));
    item.text(tags::CONTINUITY_OF_CONTENT, "SEPARATE").sequence(tags::CONTENT_SEQUENCE, vec![text]);
    item
}

/// The study that was read, by its UID.
fn reference(place: &Place<'_>, sheet: &Sheet) -> Sheet {
    const UID: Tag = tags::UID;
    let mut item = node(sheet, "HAS ACQ CONTEXT", "UIDREF", ("110180", "DCM", "Study Instance UID"));
    item.uid(UID, &place.study());
    item
}
