//! Small de-identified instances.

use sumgil_dicom::{
    DataSet,
    confidentiality::{Code, Options},
    dicom_core::{DataElement, PrimitiveValue, Tag, VR, value::DataSetSequence},
    dictionary::tags,
    write,
};
use sumgil_model::{SubjectId, Uid};

/// Explicit VR Little Endian.
pub const EXPLICIT: &str = "1.2.840.10008.1.2.1";
/// CT Image Storage.
pub const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
/// Digital X-Ray Image Storage - For Presentation.
pub const DX: &str = "1.2.840.10008.5.1.4.1.1.1.1";

/// The items of De-identification Method Code Sequence.
fn method_codes() -> Vec<DataSet> {
    let options = Options::default_profile();
    let code = |code: &Code| {
        let mut item = DataSet::new_empty();
        let mut put = |tag: Tag, vr: VR, value: &str| {
            item.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
        };
        put(tags::CODE_VALUE, VR::SH, code.value);
        put(tags::CODING_SCHEME_DESIGNATOR, VR::SH, "DCM");
        put(tags::CODE_MEANING, VR::LO, code.meaning);
        item
    };
    options.codes().iter().map(code).collect()
}

/// What an instance says.
#[derive(Clone, Debug)]
pub struct Sample {
    pub subject: SubjectId,
    pub study: String,
    pub series: String,
    pub uid: String,
    pub sop_class: String,
    pub modality: String,
    pub date: String,
    pub pixel: u8,
    /// Further elements, for example such as should have been removed.
    pub more: Vec<(Tag, VR, String)>,
}

impl Sample {
    /// A slice of `subject`; the numbers make its UIDs.
    pub fn ct(subject: &SubjectId, study: u32, series: u32, number: u32) -> Self {
        let base = u128::from_str_radix(&subject.as_str()[4..14], 16).unwrap() << 64;
        let uid = |level: u32, n: u32| format!("2.25.{}", base + (u128::from(level) << 32) + u128::from(n));
        Self {
            subject: subject.clone(),
            study: uid(1, study),
            series: uid(2, study * 100 + series),
            uid: uid(3, study * 10_000 + series * 100 + number),
            sop_class: CT.into(),
            modality: "CT".into(),
            date: "20200310".into(),
            pixel: number as u8,
            more: Vec::new(),
        }
    }

    /// A radiograph.
    pub fn dx(subject: &SubjectId, study: u32, number: u32) -> Self {
        Self { sop_class: DX.into(), modality: "DX".into(), ..Self::ct(subject, study, 9, number) }
    }

    pub fn data_set(&self) -> DataSet {
        let mut data_set = DataSet::new_empty();
        let mut put = |tag: Tag, vr: VR, value: &str| {
            data_set.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
        };
        put(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192");
        put(tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\AXIAL");
        put(tags::SOP_CLASS_UID, VR::UI, &self.sop_class);
        put(tags::SOP_INSTANCE_UID, VR::UI, &self.uid);
        put(tags::STUDY_DATE, VR::DA, &self.date);
        put(tags::STUDY_TIME, VR::TM, "101112");
        put(tags::ACCESSION_NUMBER, VR::SH, "");
        put(tags::MODALITY, VR::CS, &self.modality);
        put(tags::MANUFACTURER, VR::LO, "SIEMENS");
        put(tags::MANUFACTURER_MODEL_NAME, VR::LO, "SOMATOM Force");
        put(tags::REFERRING_PHYSICIAN_NAME, VR::PN, "");
        put(tags::PATIENT_NAME, VR::PN, self.subject.as_str());
        put(tags::PATIENT_ID, VR::LO, self.subject.as_str());
        put(tags::PATIENT_BIRTH_DATE, VR::DA, "");
        put(tags::PATIENT_SEX, VR::CS, "F");
        put(tags::PATIENT_IDENTITY_REMOVED, VR::CS, "YES");
        put(tags::DEIDENTIFICATION_METHOD, VR::LO, "sumgil-default-1");
        put(tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED, VR::CS, "MODIFIED");
        put(tags::STUDY_INSTANCE_UID, VR::UI, &self.study);
        put(tags::SERIES_INSTANCE_UID, VR::UI, &self.series);
        put(tags::STUDY_ID, VR::SH, "");
        put(tags::SERIES_NUMBER, VR::IS, "1");
        put(tags::INSTANCE_NUMBER, VR::IS, &self.pixel.to_string());
        put(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2");
        for (tag, vr, value) in &self.more {
            put(*tag, *vr, value);
        }
        data_set.put(DataElement::new(
            tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
            VR::SQ,
            DataSetSequence::from(method_codes()),
        ));
        let mut number = |tag: Tag, value: u16| {
            data_set.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value)));
        };
        number(tags::SAMPLES_PER_PIXEL, 1);
        number(tags::ROWS, 16);
        number(tags::COLUMNS, 16);
        number(tags::BITS_ALLOCATED, 16);
        number(tags::BITS_STORED, 12);
        number(tags::HIGH_BIT, 11);
        number(tags::PIXEL_REPRESENTATION, 0);
        let pixels = PrimitiveValue::from(self.pixels());
        data_set.put(DataElement::new(tags::PIXEL_DATA, VR::OW, pixels));
        data_set
    }

    /// 16 by 16 pixels of two bytes.
    pub fn pixels(&self) -> Vec<u8> {
        (0..512u32).map(|i| if i % 2 == 0 { (i / 2) as u8 ^ self.pixel } else { 0 }).collect()
    }

    pub fn part10(&self) -> Vec<u8> {
        write(&self.data_set(), &Uid::parse(EXPLICIT).unwrap()).unwrap()
    }
}
