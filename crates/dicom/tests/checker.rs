//! A finished data set passes, and every single way of spoiling it is found.
#![allow(clippy::unwrap_used)]

use sumgil_dicom::{
    DataSet, Limits,
    checker::{check, check_file},
    confidentiality::Options,
    dicom_core::{DataElement, PrimitiveValue, Tag, VR, value::DataSetSequence},
    dictionary::tags,
    write,
};
use sumgil_model::Uid;

const SUBJECT: &str = "sub-00112233445566778899";
const EXPLICIT: &str = "1.2.840.10008.1.2.1";

type Element = DataElement<DataSet>;

fn text(tag: Tag, vr: VR, value: &str) -> Element {
    DataElement::new(tag, vr, PrimitiveValue::from(value))
}

fn number(tag: Tag, value: u16) -> Element {
    DataElement::new(tag, VR::US, PrimitiveValue::from(value))
}

fn sequence(tag: Tag, items: Vec<DataSet>) -> Element {
    DataElement::new(tag, VR::SQ, DataSetSequence::from(items))
}

fn code(value: &str) -> DataSet {
    DataSet::from_element_iter([
        text(tags::CODE_VALUE, VR::SH, value),
        text(tags::CODING_SCHEME_DESIGNATOR, VR::SH, "DCM"),
        text(tags::CODE_MEANING, VR::LO, "a code of the method"),
    ])
}

fn finished() -> DataSet {
    let codes = Options::default_profile().codes();
    DataSet::from_element_iter([
        text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
        text(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2"),
        text(tags::SOP_INSTANCE_UID, VR::UI, "2.25.1"),
        text(tags::STUDY_DATE, VR::DA, "20200301"),
        text(tags::ACCESSION_NUMBER, VR::SH, ""),
        text(tags::STATION_NAME, VR::SH, "CT01"),
        text(tags::PATIENT_NAME, VR::PN, SUBJECT),
        text(tags::PATIENT_ID, VR::LO, SUBJECT),
        text(tags::PATIENT_BIRTH_DATE, VR::DA, ""),
        text(tags::PATIENT_AGE, VR::AS, "061Y"),
        text(tags::PATIENT_IDENTITY_REMOVED, VR::CS, "YES"),
        text(tags::DEIDENTIFICATION_METHOD, VR::LO, "sumgil-default-1"),
        sequence(
            tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
            codes.iter().map(|one| code(one.value)).collect(),
        ),
        text(Tag(0x0019, 0x0010), VR::LO, "GEMS_ACQU_01"),
        text(Tag(0x0019, 0x1023), VR::DS, "1.5"),
        text(tags::STUDY_INSTANCE_UID, VR::UI, "2.25.2"),
        text(tags::SERIES_INSTANCE_UID, VR::UI, "2.25.3"),
        text(tags::BURNED_IN_ANNOTATION, VR::CS, "NO"),
        text(tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED, VR::CS, "MODIFIED"),
        number(tags::SAMPLES_PER_PIXEL, 1),
        number(tags::ROWS, 2),
        number(tags::COLUMNS, 2),
        number(tags::BITS_ALLOCATED, 16),
        DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::from(vec![7_u8; 8])),
    ])
}

fn rules(data_set: &DataSet) -> Vec<(String, &'static str)> {
    let findings = check(data_set, &Options::default_profile());
    findings.into_iter().map(|finding| (finding.path, finding.rule)).collect()
}

#[test]
fn a_finished_data_set_passes() {
    assert_eq!(rules(&finished()), []);
}

#[test]
fn every_single_spoiling_is_found() {
    let spoilings: Vec<(Element, &str)> = vec![
        (text(tags::PATIENT_ID, VR::LO, "00123456"), "identity"),
        (text(tags::PATIENT_NAME, VR::PN, "Hong^Gildong"), "to-be-empty"),
        (text(tags::PATIENT_BIRTH_DATE, VR::DA, "19600101"), "to-be-empty"),
        (text(tags::ACCESSION_NUMBER, VR::SH, "A77"), "to-be-empty"),
        (text(tags::PATIENT_ADDRESS, VR::LO, ""), "to-be-removed"),
        (text(tags::INSTITUTION_NAME, VR::LO, "Hanbit"), "not-a-dummy"),
        (text(tags::STUDY_DESCRIPTION, VR::LO, "call 07492589"), "not-cleaned"),
        (text(tags::IMAGE_COMMENTS, VR::LT, "mail to kim@hanbit.kr"), "not-cleaned"),
        (text(tags::STUDY_INSTANCE_UID, VR::UI, "1.2.410.200010.1"), "foreign-uid"),
        (text(tags::STUDY_INSTANCE_UID, VR::UI, "2.25.Hong"), "not-a-uid"),
        (text(tags::CONCATENATION_UID, VR::UI, "1.2.410.9"), "foreign-uid"),
        (text(tags::SOP_CLASS_UID, VR::UI, "1.2.410.Hong"), "not-a-uid"),
        (text(tags::STUDY_DATE, VR::DA, "Hong"), "not-a-date"),
        (text(tags::SERIES_TIME, VR::TM, "Hong"), "not-a-date"),
        (text(tags::NAME_OF_PHYSICIANS_READING_STUDY, VR::PN, "Kim"), "to-be-removed"),
        (text(Tag(0x0008, 0x9999), VR::PN, "Kim^Younghee"), "person-name"),
        (text(tags::PATIENT_INSURANCE_PLAN_CODE_SEQUENCE, VR::LO, "Kim"), "to-be-removed"),
        (text(tags::FILLER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST, VR::LO, "970819-2242037"), "to-be-empty"),
        (text(tags::DATE_OF_SECONDARY_CAPTURE, VR::LO, "Kim"), "not-a-date"),
        (text(tags::MULTI_FRAME_SOURCE_SOP_INSTANCE_UID, VR::LO, "1.2.410.200010.7"), "foreign-uid"),
        (text(Tag(0x0019, 0x1099), VR::LO, "Hong"), "private"),
        (text(Tag(0x0029, 0x0010), VR::LO, "SIEMENS CSA HEADER"), "private"),
        (text(Tag(0x0019, 0x0010), VR::LO, "Hong Gildong"), "private"),
        (text(Tag(0x0019, 0x0001), VR::LO, "Hong"), "private"),
        (text(Tag(0x0002, 0x0016), VR::AE, "HANBIT"), "group-not-allowed"),
        (text(Tag(0x0010, 0x0000), VR::UL, ""), "group-not-allowed"),
        (text(tags::PROTOCOL_NAME, VR::LO, "chest 07159305"), "not-cleaned"),
        (text(tags::CONVOLUTION_KERNEL, VR::SH, "970819-2242037"), "personal-number"),
        (text(tags::PATIENT_IDENTITY_REMOVED, VR::CS, "NO"), "not-marked"),
        (text(tags::DEIDENTIFICATION_METHOD, VR::LO, ""), "no-method"),
        (
            text(tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED, VR::CS, "UNMODIFIED"),
            "temporal-information",
        ),
        (text(tags::BURNED_IN_ANNOTATION, VR::CS, "YES"), "burned-in"),
        (text(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.104.1"), "encapsulated-document"),
        (sequence(tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE, vec![code("113100")]), "method-codes"),
        (
            DataElement::new(tags::ENCAPSULATED_DOCUMENT, VR::OB, PrimitiveValue::from(vec![1_u8, 2])),
            "encapsulated-document",
        ),
    ];
    for (spoiling, rule) in spoilings {
        let tag = spoiling.header().tag;
        let mut data_set = finished();
        data_set.put(spoiling.clone());
        let found = rules(&data_set);
        assert!(found.iter().any(|(_, one)| *one == rule), "{tag}: {rule} is not in {found:?}");
        // the same two levels down, where the rule is about the element and not about the whole
        if tag.0 != 0x0012
            && tag != tags::BURNED_IN_ANNOTATION
            && tag.0 != 0x0042
            && rule != "encapsulated-document"
            && rule != "temporal-information"
            && tag != Tag(0x0019, 0x0010)
        {
            let inner =
                sequence(tags::REFERENCED_IMAGE_SEQUENCE, vec![DataSet::from_element_iter([spoiling])]);
            let mut data_set = finished();
            data_set.put(sequence(tags::SOURCE_IMAGE_SEQUENCE, vec![DataSet::from_element_iter([inner])]));
            let found = rules(&data_set);
            let path = format!("(0008,2112)[0]/(0008,1140)[0]/({:04X},{:04X})", tag.0, tag.1);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].0, path, "{rule}");
        }
    }
}

#[test]
fn nothing_hides_behind_the_pixels() {
    let tail = |bytes: Vec<u8>| {
        let mut data_set = finished();
        data_set.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::from(bytes)));
        rules(&data_set)
    };
    assert_eq!(tail(vec![7; 8].into_iter().chain([0; 8]).collect()), []);
    assert_eq!(tail(vec![7; 10]), [("(7FE0,0010)".to_owned(), "bytes-after-pixels")]);
}

#[test]
fn the_basic_profile_wants_more_removed() {
    let found = check(&finished(), &Options::basic());
    let has = |path: &str, rule: &str| found.iter().any(|one| one.path == path && one.rule == rule);
    assert!(has("(0019,1023)", "private"));
    assert!(has("(0028,0303)", "temporal-information"));
    assert!(has("(0012,0064)", "method-codes"), "it says that it retains what it may not");
    assert!(has("(0010,1010)", "to-be-removed"), "{found:?}");
}

#[test]
fn the_envelope_is_checked() {
    let options = Options::default_profile();
    let found = |bytes: &[u8]| -> Vec<String> {
        let (_, findings) = check_file(bytes, &options, &Limits::default()).unwrap();
        findings.iter().map(ToString::to_string).collect()
    };
    for ts in [EXPLICIT, "1.2.840.10008.1.2.1.99"] {
        let bytes = write(&finished(), &Uid::parse(ts).unwrap()).unwrap();
        assert_eq!(found(&bytes), Vec::<String>::new());
        let mut polyglot = bytes.clone();
        polyglot[..2].copy_from_slice(b"MZ");
        assert_eq!(found(&polyglot), ["preamble at preamble"]);
        let mut longer = bytes.clone();
        longer.extend_from_slice(&[0; 64]);
        assert_eq!(found(&longer), ["trailing-bytes at end of file"]);
        assert_eq!(found(&bytes[128..]), ["not-part-10 at preamble"]);
    }
    let plain = write(&finished(), &Uid::parse(EXPLICIT).unwrap()).unwrap();
    let mut with_sender = plain[..132].to_vec();
    with_sender.extend_from_slice(&plain[132..]);
    let meta_end = 144 + u32::from_le_bytes(plain[140..144].try_into().unwrap()) as usize;
    with_sender.splice(meta_end..meta_end, *b"\x02\0\x16\0AE\x06\0HANBIT");
    assert_eq!(found(&with_sender), ["file-meta at file meta"]);
}
