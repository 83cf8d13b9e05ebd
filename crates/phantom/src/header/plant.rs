//! Identifiers in the places where real archives have them: comments, descriptions, nested items, old numbers.

use sumgil_dicom::dictionary::tags;

use super::{Header, Place};
use crate::random::Dice;

/// Plants in the standard attributes of `h`; which ones depends on the site and on chance.
pub(crate) fn everywhere(place: &Place<'_>, h: &mut Header, dice: &mut Dice) {
    contact(place, h, dice);
    staff(place, h, dice);
    request(place, h, dice);
    free_text(place, h, dice);
}

fn contact(place: &Place<'_>, h: &mut Header, dice: &mut Dice) {
    let person = &place.subject.person;
    if place.everything || place.site.index.is_multiple_of(2) {
        h.text(tags::PATIENT_ADDRESS, &person.address).text(tags::PATIENT_TELEPHONE_NUMBERS, &person.phone);
    }
    if place.plants(dice, 0.4) {
        let mut other = h.sub_item();
        other.text(tags::PATIENT_ID, &person.former_id).text(tags::TYPE_OF_PATIENT_ID, "TEXT");
        h.sequence(tags::OTHER_PATIENT_I_DS_SEQUENCE, vec![other]);
    }
    if place.plants(dice, 0.2) {
        h.text(tags::OTHER_PATIENT_NAMES, &person.name.latin_pn());
    }
    if place.plants(dice, 0.2) {
        h.text(
            tags::PATIENT_COMMENTS,
            &format!("주민번호 {} 연락처 {}", person.resident_number, person.phone),
        );
    }
}

fn staff(place: &Place<'_>, h: &mut Header, dice: &mut Dice) {
    let hangul = dice.pick(&place.site.staff).joined();
    let latin = dice.pick(&place.site.staff).latin_pn();
    h.text(tags::NAME_OF_PHYSICIANS_READING_STUDY, &latin);
    if place.plants(dice, 0.5) {
        h.text(tags::PERFORMING_PHYSICIAN_NAME, &hangul);
    }
}

/// What the order said, in a sequence item within the image.
fn request(place: &Place<'_>, h: &mut Header, dice: &mut Dice) {
    if !place.plants(dice, 0.7) {
        return;
    }
    let person = &place.subject.person;
    let mut item = h.sub_item();
    item.text(tags::REQUESTED_PROCEDURE_ID, &place.exam.accession)
        .text(tags::REQUESTED_PROCEDURE_DESCRIPTION, "Chest")
        .text(tags::SCHEDULED_PROCEDURE_STEP_ID, &format!("S{}", place.exam.accession.len()))
        .text(
            tags::SCHEDULED_PROCEDURE_STEP_DESCRIPTION,
            &format!("흉부 {} ({})", person.name.joined(), person.patient_id),
        );
    h.sequence(tags::REQUEST_ATTRIBUTES_SEQUENCE, vec![item]);
    let doctor = dice.pick(&place.site.staff).latin_pn();
    h.text(tags::REQUESTING_PHYSICIAN, &doctor);
}

fn free_text(place: &Place<'_>, h: &mut Header, dice: &mut Dice) {
    let person = &place.subject.person;
    let name = person.name.joined();
    let latin = &person.name.latin;
    if place.plants(dice, 0.08) {
        h.text(tags::STUDY_DESCRIPTION, &format!("Chest {} {}", latin.1, latin.0));
    }
    if place.plants(dice, 0.3) {
        h.text(tags::ADMITTING_DIAGNOSES_DESCRIPTION, &format!("COVID-19, {name}"));
    }
    if place.plants(dice, 0.1) {
        h.text(tags::IMAGE_COMMENTS, &format!("{name} 님 재촬영, 보호자 {}", person.phone));
    }
    if place.plants(dice, 0.15) {
        let history = format!("{} {}세, {} 거주, 발열", name, place.subject.age_years, person.address);
        h.text(tags::ADDITIONAL_PATIENT_HISTORY, &history);
    }
    if place.plants(dice, 0.1) {
        let day = place.subject.stay.admission.strftime("%Y-%m-%d");
        h.text(tags::REQUESTED_PROCEDURE_DESCRIPTION, &format!("Adm {day} {}", latin.0));
    }
}
