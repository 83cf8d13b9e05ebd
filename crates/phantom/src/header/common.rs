//! Patient, study, series and equipment: what every file of an exam says.

use jiff::ToSpan;
use sumgil_dicom::{
    dicom_core::{PrimitiveValue, VR},
    dictionary::tags,
};
use sumgil_model::{ExamKind, Sex};

use super::{Header, plant};
use crate::{
    cohort::{Charset, Exam, Family, FilePlan, Person, Site, Subject},
    random::Dice,
};

/// Where a file belongs.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) seed: u64,
    pub(crate) site: &'a Site,
    pub(crate) subject: &'a Subject,
    pub(crate) exam: &'a Exam,
    pub(crate) file: FilePlan,
    /// Every kind of identifier is planted, not only some by chance.
    pub(crate) everything: bool,
}

impl Place<'_> {
    /// Series Instance UID.
    pub(crate) fn series_uid(&self) -> String {
        format!("{}.{}", self.exam.study, self.file.series)
    }

    /// SOP Instance UID.
    pub(crate) fn instance_uid(&self) -> String {
        format!("{}.{}", self.series_uid(), self.file.instance)
    }

    /// Chance that is the same for all files of the exam, so that its files agree.
    pub(crate) fn exam_dice(&self) -> Dice {
        let number = self.exam.study.as_str().bytes().fold(7_u64, |h, b| h.wrapping_mul(131) ^ u64::from(b));
        Dice::new(self.seed, "header", number)
    }

    /// Whether an identifier that stands in a share `p` of exams stands in this one.
    pub(crate) fn plants(&self, dice: &mut Dice, p: f64) -> bool {
        dice.chance(p) || self.everything
    }

    /// A header with everything that does not depend on the kind of image.
    pub(crate) fn header(&self, sop_class: &str, modality: &str) -> Header {
        let mut h = Header::new(self.site.charset);
        let mut dice = self.exam_dice();
        self.sop(&mut h, sop_class);
        self.patient(&mut h, &mut dice);
        self.study(&mut h, &mut dice);
        self.series(&mut h, &mut dice, modality);
        self.equipment(&mut h);
        plant::everywhere(self, &mut h, &mut dice);
        h
    }

    fn sop(&self, h: &mut Header, sop_class: &str) {
        // The image is made some seconds after the study begins, file by file.
        let seconds = 40 + 2 * i64::from(self.file.instance) + 60 * i64::from(self.file.series % 100);
        let made = self.exam.at.checked_add(seconds.seconds()).unwrap_or(self.exam.at);
        let (day, time) = (made.strftime("%Y%m%d").to_string(), made.strftime("%H%M%S").to_string());
        h.text(tags::SOP_CLASS_UID, sop_class)
            .text(tags::SOP_INSTANCE_UID, &self.instance_uid())
            .text(tags::INSTANCE_CREATION_DATE, &day)
            .text(tags::INSTANCE_CREATION_TIME, &time)
            .text(tags::SERIES_DATE, &self.day())
            .text(tags::SERIES_TIME, &self.time())
            .text(tags::CONTENT_DATE, &day)
            .text(tags::CONTENT_TIME, &time)
            .text(tags::ACQUISITION_DATE, &day)
            .text(tags::ACQUISITION_TIME, &time);
    }

    pub(crate) fn day(&self) -> String {
        self.exam.at.strftime("%Y%m%d").to_string()
    }

    pub(crate) fn time(&self) -> String {
        self.exam.at.strftime("%H%M%S").to_string()
    }

    fn patient(&self, h: &mut Header, dice: &mut Dice) {
        let person = &self.subject.person;
        let sex = match person.sex {
            Sex::Male => "M",
            Sex::Female => "F",
            Sex::Other => "O",
        };
        h.text(tags::PATIENT_NAME, &patient_name(person, h.charset(), self.exam.device.model.family))
            .text(tags::PATIENT_ID, &person.patient_id)
            .text(tags::PATIENT_BIRTH_DATE, &person.birth_date.strftime("%Y%m%d").to_string())
            .text(tags::PATIENT_SEX, sex)
            .text(tags::PATIENT_AGE, &format!("{:03}Y", person.age_on(self.exam.date())));
        if let Some(issuer) = self.site.issuer {
            h.text(tags::ISSUER_OF_PATIENT_ID, issuer);
        }
        if dice.chance(0.6) {
            h.decimal(tags::PATIENT_SIZE, person.height_m, 2).decimal(
                tags::PATIENT_WEIGHT,
                person.weight_kg,
                1,
            );
        }
    }

    fn study(&self, h: &mut Header, dice: &mut Dice) {
        let doctor = dice.pick(&self.site.staff).clone();
        h.text(tags::STUDY_INSTANCE_UID, self.exam.study.as_str())
            .text(tags::STUDY_DATE, &self.day())
            .text(tags::STUDY_TIME, &self.time())
            .text(tags::ACCESSION_NUMBER, &self.exam.accession)
            .text(tags::STUDY_ID, &self.exam.accession[self.exam.accession.len().saturating_sub(5)..])
            .text(tags::REFERRING_PHYSICIAN_NAME, &doctor.latin_pn());
        let description = match self.exam.kind {
            ExamKind::Ct => "Chest CT (low dose, non-contrast)",
            ExamKind::Cxr if self.exam.portable => "Chest AP portable",
            ExamKind::Cxr => "Chest PA",
        };
        h.text(tags::STUDY_DESCRIPTION, description);
    }

    fn series(&self, h: &mut Header, dice: &mut Dice, modality: &str) {
        let operator = dice.pick(&self.site.staff).clone();
        h.text(tags::MODALITY, modality)
            .text(tags::SERIES_INSTANCE_UID, &self.series_uid())
            .text(tags::SERIES_NUMBER, &self.file.series.to_string())
            .text(tags::INSTANCE_NUMBER, &self.file.instance.to_string())
            .text(tags::OPERATORS_NAME, &operator.latin_pn());
    }

    fn equipment(&self, h: &mut Header) {
        let device = &self.exam.device;
        let name = if h.charset() == Charset::Utf8 { self.site.name } else { self.site.latin_name };
        h.text(tags::MANUFACTURER, device.model.manufacturer)
            .text(tags::MANUFACTURER_MODEL_NAME, device.model.model)
            .text(tags::DEVICE_SERIAL_NUMBER, &device.serial)
            .text(tags::STATION_NAME, &device.station)
            .text(tags::SOFTWARE_VERSIONS, device.model.software)
            .text(tags::INSTITUTION_NAME, name)
            .text(tags::INSTITUTION_ADDRESS, self.site.address);
    }
}

/// The name as the device writes it: three groups, Hangul alone, or capitals.
fn patient_name(person: &Person, charset: Charset, family: Family) -> String {
    let name = &person.name;
    let hangul = format!("{}^{}", name.hangul.0, name.hangul.1);
    match (family, charset) {
        (Family::Cr, _) => name.latin_pn().to_uppercase(),
        (_, Charset::Iso2022Kr) if name.hanja.0.is_empty() => format!("{}=={hangul}", name.latin_pn()),
        (_, Charset::Iso2022Kr) => format!("{}={}^{}={hangul}", name.latin_pn(), name.hanja.0, name.hanja.1),
        (_, Charset::EucKrUndeclared) => name.joined(),
        (_, Charset::Utf8) => format!("{}=={hangul}", name.latin_pn()),
    }
}

/// Rows, columns and bit depths of a single-frame grey image.
pub(crate) struct Pixels {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) bits_stored: u16,
    pub(crate) signed: bool,
    pub(crate) photometric: &'static str,
}

impl Pixels {
    /// Puts the image pixel module without the pixel data.
    pub(crate) fn describe(&self, h: &mut Header) {
        h.short(tags::SAMPLES_PER_PIXEL, 1)
            .text(tags::PHOTOMETRIC_INTERPRETATION, self.photometric)
            .short(tags::ROWS, self.rows as u16)
            .short(tags::COLUMNS, self.columns as u16)
            .short(tags::BITS_ALLOCATED, if self.bits_stored > 8 { 16 } else { 8 })
            .short(tags::BITS_STORED, self.bits_stored)
            .short(tags::HIGH_BIT, self.bits_stored - 1)
            .short(tags::PIXEL_REPRESENTATION, u16::from(self.signed));
    }
}

/// Puts 16-bit pixels.
pub(crate) fn put_words(h: &mut Header, words: impl Iterator<Item = u16>) {
    let bytes: Vec<u8> = words.flat_map(u16::to_le_bytes).collect();
    h.value(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U8(bytes.into()));
}
