//! What every file says of patient, study, device and hospital.

use sumgil_dicom::{
    dicom_core::Tag,
    dictionary::{tags, uids},
};

use super::{
    chance::Chance,
    devices::{Device, device},
    key::Action,
    people::{Record, Visit},
    places::Hospital,
    script::Script,
    sheet::Sheet,
    spelling::compact,
};

/// Which file of which visit.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) seed: u64,
    /// Number of the file in the corpus.
    pub(super) number: usize,
    pub(super) record: &'a Record,
    pub(super) visit: &'a Visit,
    pub(super) hospitals: &'a [Hospital],
    pub(super) script: Script,
    /// Modality as (0008,0060) has it.
    pub(super) modality: &'static str,
    pub(super) series: usize,
    pub(super) with_age: bool,
}

impl Place<'_> {
    /// A stream of chance for this file.
    pub(super) fn chance(&self, purpose: &str) -> Chance {
        Chance::new(self.seed, purpose, self.number as u64)
    }

    /// The hospital.
    pub(super) fn home(&self) -> &Hospital {
        &self.hospitals[self.record.hospital]
    }

    fn root(&self) -> String {
        let digits: String = self.record.patient_id.chars().filter(char::is_ascii_digit).collect();
        let number: u64 = digits.parse().unwrap_or(7);
        format!("1.2.826.0.1.3680043.10.1987.{}.{number}", self.record.hospital + 1)
    }

    /// Study Instance UID: it tells the local number and the day.
    pub(super) fn study(&self) -> String {
        format!("{}.{}", self.root(), compact(self.visit.day))
    }

    /// Series Instance UID.
    pub(super) fn series_uid(&self) -> String {
        format!("{}.{}", self.study(), self.series)
    }

    /// SOP Instance UID.
    pub(super) fn instance(&self) -> String {
        format!("{}.{}", self.series_uid(), self.number)
    }

    /// Another UID of this file.
    pub(super) fn other_uid(&self, number: usize) -> String {
        format!("{}.88.{}.{number}", self.study(), self.number)
    }
}

/// The data set of a file of `class` with everything but its own content.
pub(super) fn header(place: &Place<'_>, class: &str) -> Sheet {
    let mut sheet = Sheet::new(place.script);
    let mut chance = place.chance("header");
    let device = device(place.modality, &mut chance);
    sheet.text(tags::SOP_CLASS_UID, class).uid(tags::SOP_INSTANCE_UID, &place.instance());
    sheet.uid(tags::STUDY_INSTANCE_UID, &place.study()).uid(tags::SERIES_INSTANCE_UID, &place.series_uid());
    patient(place, &mut sheet, &mut chance);
    times(place, &mut sheet);
    study(place, &mut sheet, &mut chance);
    made_by(place, &device, &mut sheet);
    sheet
}

fn patient(place: &Place<'_>, sheet: &mut Sheet, chance: &mut Chance) {
    let (record, person) = (place.record, &place.record.person);
    sheet
        .remove(tags::PATIENT_NAME, "name", &person.name.pn(place.script))
        .remove(tags::PATIENT_ID, "id", &record.patient_id)
        .text(tags::ISSUER_OF_PATIENT_ID, place.home().code)
        .remove(tags::PATIENT_BIRTH_DATE, "date", &compact(person.birth))
        .keep(tags::PATIENT_SEX, &person.sex.to_string())
        .keep(tags::PATIENT_SIZE, &person.size_m)
        .keep(tags::PATIENT_WEIGHT, &person.weight_kg);
    let age = format!("{:03}Y", person.age_years(place.visit.day));
    if place.with_age {
        sheet.keep(tags::PATIENT_AGE, &age);
    } else {
        sheet.note(tags::PATIENT_AGE, "age", &age, Action::AgeDerived);
    }
    if chance.is(0.2) {
        sheet.remove(tags::PATIENT_TELEPHONE_NUMBERS, "phone", &person.phone);
    }
}

fn times(place: &Place<'_>, sheet: &mut Sheet) {
    let (day, time) = (compact(place.visit.day), &place.visit.time);
    sheet.shift(tags::STUDY_DATE, &day).shift(tags::SERIES_DATE, &day).shift(tags::CONTENT_DATE, &day);
    sheet.text(tags::INSTANCE_CREATION_DATE, &day).text(tags::INSTANCE_CREATION_TIME, time);
    sheet.text(tags::STUDY_TIME, time).text(tags::SERIES_TIME, time).text(tags::CONTENT_TIME, time);
    if matches!(place.modality, "CT" | "DX" | "CR" | "US") {
        sheet.shift(tags::ACQUISITION_DATE, &day).text(tags::ACQUISITION_TIME, time);
        sheet.shift(tags::ACQUISITION_DATE_TIME, &format!("{day}{time}"));
    }
}

fn study(place: &Place<'_>, sheet: &mut Sheet, chance: &mut Chance) {
    let hospital = place.home();
    let mut staff = || chance.pick(&hospital.staff).pn(place.script);
    let (referring, operator) = (staff(), staff());
    sheet
        .text(tags::MODALITY, place.modality)
        .remove(tags::ACCESSION_NUMBER, "accession", &place.visit.accession)
        .remove(tags::REFERRING_PHYSICIAN_NAME, "name", &referring)
        .remove(tags::OPERATORS_NAME, "name", &operator)
        .text(tags::STUDY_ID, &chance.digits(5))
        .text(tags::SERIES_NUMBER, &place.series.to_string())
        .text(tags::INSTANCE_NUMBER, &place.number.to_string());
    let written = |text: &str| place.script.encode(text).is_some();
    let local =
        if hospital.is_korean() && place.script.is_korean() { hospital.hangul } else { hospital.latin };
    if written(local) {
        sheet.remove(tags::INSTITUTION_NAME, "institution", local);
    }
    if written(hospital.address) {
        sheet.remove(tags::INSTITUTION_ADDRESS, "address", hospital.address);
    }
}

fn made_by(place: &Place<'_>, device: &Device, sheet: &mut Sheet) {
    sheet
        .keep(tags::MANUFACTURER, device.maker)
        .keep(tags::MANUFACTURER_MODEL_NAME, device.model)
        .keep(tags::SOFTWARE_VERSIONS, &device.software)
        .keep(tags::DEVICE_SERIAL_NUMBER, &device.serial)
        .keep(tags::STATION_NAME, &device.station);
    if matches!(place.modality, "CT" | "DX" | "CR") {
        exposure(place, sheet);
    }
}

const TUBE_VOLTAGES: [&str; 6] = ["70", "81", "100", "117", "125", "135"];
const BODY_PARTS: [&str; 4] = ["CHEST", "THORAX", "LUNG", "RIBS"];

/// Numbers of the acquisition, some of which look like years.
fn exposure(place: &Place<'_>, sheet: &mut Sheet) {
    let mut chance = place.chance("exposure");
    let (voltage, part) = (*chance.pick(&TUBE_VOLTAGES), *chance.pick(&BODY_PARTS));
    sheet
        .keep(tags::KVP, voltage)
        .keep(tags::X_RAY_TUBE_CURRENT, &chance.whole(160, 640).to_string())
        .keep(tags::EXPOSURE_TIME, &chance.whole(1900, 2025).to_string())
        .keep(tags::BODY_PART_EXAMINED, part)
        .text(tags::EXPOSURE, &chance.whole(1, 9).to_string());
    if place.modality == "CT" {
        let kernel = *chance.pick(&["FC55", "Bl57d\\3", "LUNG", "YC", "B_VSHARP_C", "Hr60"]);
        sheet.keep(tags::CONVOLUTION_KERNEL, kernel);
        sheet.uid(tags::FRAME_OF_REFERENCE_UID, &place.other_uid(1));
    }
}

/// Attributes that the header of some file has, so that nothing else is planted there.
pub(super) fn is_of_the_header(tag: Tag) -> bool {
    const OTHERS: [Tag; 12] = [
        tags::PATIENT_NAME,
        tags::PATIENT_ID,
        tags::PATIENT_BIRTH_DATE,
        tags::PATIENT_AGE,
        tags::PATIENT_SEX,
        tags::PATIENT_SIZE,
        tags::PATIENT_WEIGHT,
        tags::SOP_INSTANCE_UID,
        tags::FRAME_OF_REFERENCE_UID,
        tags::ACQUISITION_DATE_TIME,
        tags::ACQUISITION_DATE,
        tags::INSTANCE_CREATION_DATE,
    ];
    OTHERS.contains(&tag) || tag == tags::STUDY_DATE
}

/// SOP classes of the corpus.
pub(super) mod class {
    use super::uids;

    pub(in crate::corpus) const DX: &str = uids::DIGITAL_X_RAY_IMAGE_STORAGE_FOR_PRESENTATION;
    pub(in crate::corpus) const CR: &str = uids::COMPUTED_RADIOGRAPHY_IMAGE_STORAGE;
    pub(in crate::corpus) const CT: &str = uids::CT_IMAGE_STORAGE;
    pub(in crate::corpus) const SC: &str = uids::SECONDARY_CAPTURE_IMAGE_STORAGE;
    pub(in crate::corpus) const US: &str = uids::ULTRASOUND_MULTI_FRAME_IMAGE_STORAGE;
    pub(in crate::corpus) const SR: &str = uids::BASIC_TEXT_SR_STORAGE;
    pub(in crate::corpus) const PR: &str = uids::GRAYSCALE_SOFTCOPY_PRESENTATION_STATE_STORAGE;
    pub(in crate::corpus) const PDF: &str = uids::ENCAPSULATED_PDF_STORAGE;
}
