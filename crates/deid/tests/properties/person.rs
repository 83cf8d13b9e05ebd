//! An invented patient with everything that a header tells of one, and how it is written.

use proptest::prelude::*;
use sumgil_dicom::{
    charset::{encode_korean, encode_korean_2022},
    dicom_core::{DataElement, PrimitiveValue, Tag, VR},
    dictionary::tags,
};

use crate::common::{item, sequence};

type Element = DataElement<sumgil_dicom::DataSet>;

const NAMES: [(&str, &str, &str, &str); 8] = [
    ("Gwak", "Deokhwan", "곽", "덕환"),
    ("Namgung", "Sebin", "남궁", "세빈"),
    ("Foley", "Margaret", "폴리", "마거릿"),
    ("Long", "Patricia", "롱", "퍼트리샤"),
    ("Philips", "Anneke", "필립스", "아네커"),
    ("Ryu", "Haram", "류", "하람"),
    ("Petrova", "Svetlana", "페트로바", "스베틀라나"),
    ("Young", "Daniel", "영", "대니얼"),
];

/// How the file writes Hangul.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Script {
    Utf8,
    Iso2022,
    UndeclaredKorean,
    UndeclaredUtf8,
}

/// The patient of one case.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    name: usize,
    pub(crate) id: String,
    pub(crate) phone: String,
    pub(crate) resident: String,
    pub(crate) birth: String,
    pub(crate) script: Script,
}

/// Any patient.
pub(crate) fn anybody() -> impl Strategy<Value = Person> {
    let script = prop_oneof![
        Just(Script::Utf8),
        Just(Script::Iso2022),
        Just(Script::UndeclaredKorean),
        Just(Script::UndeclaredUtf8)
    ];
    let birth = (1930_u16..1975, 1_u8..13, 1_u8..29);
    (0..NAMES.len(), "[1-9][0-9]{7}", "[2-9][0-9]{3}-[0-9]{4}", "[0-9]{6}", birth, script).prop_map(
        |(name, id, phone, tail, (year, month, day), script)| Person {
            name,
            id,
            phone: format!("010-{phone}"),
            resident: format!("{:02}{month:02}{day:02}-1{tail}", year % 100),
            birth: format!("{year}{month:02}{day:02}"),
            script,
        },
    )
}

impl Person {
    /// The value of a PN element.
    pub(crate) fn pn(&self) -> String {
        let (family, given, family_kr, given_kr) = NAMES[self.name];
        format!("{family}^{given}=={family_kr}^{given_kr}")
    }

    /// Ways to name the patient: each identifies on its own.
    pub(crate) fn spellings(&self) -> Vec<String> {
        let (family, given, family_kr, given_kr) = NAMES[self.name];
        let [y, m, d] = [&self.birth[..4], &self.birth[4..6], &self.birth[6..]];
        vec![
            format!("{given} {family}"),
            format!("{family}, {given}"),
            format!("{family}^{given}").to_uppercase(),
            format!("{family_kr}{given_kr}"),
            format!("{family_kr} {given_kr}"),
            self.id.clone(),
            self.phone.clone(),
            self.phone.replace('-', ""),
            self.resident.clone(),
            self.resident.replace('-', ""),
            format!("{y}-{m}-{d}"),
            format!("{y}.{m}.{d}"),
            format!("{y}년 {m}월 {d}일"),
        ]
    }

    /// `text` in the file's character set.
    pub(crate) fn encode(&self, text: &str) -> Vec<u8> {
        let encoded = match self.script {
            Script::Utf8 | Script::UndeclaredUtf8 => Some(text.as_bytes().to_vec()),
            Script::Iso2022 => encode_korean_2022(text),
            Script::UndeclaredKorean => encode_korean(text),
        };
        let mut bytes = encoded.unwrap();
        bytes.resize(bytes.len().next_multiple_of(2), b' ');
        bytes
    }

    /// An element with text as the file writes it.
    pub(crate) fn text(&self, tag: Tag, vr: VR, text: &str) -> Element {
        DataElement::new(tag, vr, PrimitiveValue::U8(self.encode(text).into()))
    }

    /// What the header says of the patient.
    pub(crate) fn header(&self) -> Vec<Element> {
        let declared = match self.script {
            Script::Utf8 => "ISO_IR 192",
            Script::Iso2022 => "\\ISO 2022 IR 149",
            Script::UndeclaredKorean | Script::UndeclaredUtf8 => "",
        };
        let other = item([self.text(tags::PATIENT_ID, VR::LO, &self.resident)]);
        vec![
            self.text(tags::SPECIFIC_CHARACTER_SET, VR::CS, declared),
            self.text(tags::PATIENT_NAME, VR::PN, &self.pn()),
            self.text(tags::PATIENT_ID, VR::LO, &self.id),
            self.text(tags::PATIENT_BIRTH_DATE, VR::DA, &self.birth),
            self.text(tags::PATIENT_TELEPHONE_NUMBERS, VR::SH, &self.phone),
            self.text(tags::INSTITUTION_NAME, VR::LO, "들국화병원"),
            self.text(tags::STUDY_DESCRIPTION, VR::LO, "Chest"),
            self.text(tags::REFERRING_PHYSICIAN_NAME, VR::PN, "Seok^Daehyun==석^대현"),
            sequence(tags::OTHER_PATIENT_I_DS_SEQUENCE, vec![other]),
        ]
    }
}
