//! Private blocks of the makers, with the safe attributes of PS3.15 table E.3.10-1 and with identifiers beside them.

use sumgil_dicom::dicom_core::{DataElement, PrimitiveValue, Tag, VR, value::DataSetSequence};

use super::{Header, Place};
use crate::cohort::Family;

/// Puts the private blocks of the exam's device.
pub(crate) fn blocks(place: &Place<'_>, h: &mut Header) {
    match place.exam.device.model.family {
        Family::SiemensCt => siemens(place, h),
        Family::GeCt => ge(place, h),
        Family::CanonCt => canon(place, h),
        Family::PhilipsCt => philips(place, h),
        Family::Dx if place.exam.portable => samsung(place, h),
        Family::Dx => digital(place, h),
        Family::Cr => {}
    }
}

fn siemens(place: &Place<'_>, h: &mut Header) {
    let person = &place.subject.person;
    let tag = h.private(0x0019, "SIEMENS CT VA0  COAD", 0xB0);
    h.text_as(tag, VR::DS, "0.6");
    let csa = csa2(&[
        ("ImageNumber", "IS", place.file.instance.to_string()),
        ("PatientComment", "LT", format!("{} {}", person.name.latin_pn(), person.resident_number)),
        ("SliceThickness", "DS", "5".to_owned()),
    ]);
    let tag = h.private(0x0029, "SIEMENS CSA HEADER", 0x08);
    h.text_as(tag, VR::CS, "CT");
    h.text_as(Tag(0x0029, 0x1009), VR::LO, &place.day());
    h.value(Tag(0x0029, 0x1010), VR::OB, PrimitiveValue::U8(csa.into()));
    h.text_as(Tag(0x0029, 0x0011), VR::LO, "SIEMENS MEDCOM HEADER");
    h.text_as(Tag(0x0029, 0x1131), VR::LO, "4.0.44354");
    h.text_as(Tag(0x0029, 0x1134), VR::LO, &place.exam.accession);
}

/// A CSA header of version 2: named text fields behind a magic word.
fn csa2(fields: &[(&str, &str, String)]) -> Vec<u8> {
    let mut out = b"SV10\x04\x03\x02\x01".to_vec();
    out.extend((fields.len() as u32).to_le_bytes());
    out.extend(77_u32.to_le_bytes());
    for (name, vr, value) in fields {
        let mut fixed = [0_u8; 64];
        fixed[..name.len()].copy_from_slice(name.as_bytes());
        out.extend(fixed);
        out.extend(1_u32.to_le_bytes());
        out.extend([vr.as_bytes(), &[0, 0]].concat());
        for number in [0_u32, 1, 77] {
            out.extend(number.to_le_bytes());
        }
        for number in [value.len() as u32, value.len() as u32, 77, value.len() as u32] {
            out.extend(number.to_le_bytes());
        }
        out.extend(value.as_bytes());
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

fn ge(place: &Place<'_>, h: &mut Header) {
    let person = &place.subject.person;
    let tag = h.private(0x0009, "GEMS_IDEN_01", 0x01);
    h.text_as(tag, VR::LO, "CT_LIGHTSPEED");
    h.text_as(Tag(0x0009, 0x1004), VR::SH, &place.exam.device.station);
    let tag = h.private(0x0011, "GEMS_PATI_01", 0x10);
    h.value(tag, VR::SS, PrimitiveValue::from(0_i16));
    let tag = h.private(0x0019, "GEMS_ACQU_01", 0x23);
    h.text_as(tag, VR::DS, "39.375000");
    h.text_as(Tag(0x0019, 0x1024), VR::DS, "4.265160");
    h.text_as(Tag(0x0019, 0x1027), VR::DS, "0.500000");
    let tag = h.private(0x0023, "GEMS_STDY_01", 0x70);
    h.value(tag, VR::FD, PrimitiveValue::from(1_584_000_000.0_f64));
    h.text_as(Tag(0x0023, 0x1090), VR::LO, &format!("{} {}", person.name.latin_pn(), person.patient_id));
    let tag = h.private(0x0043, "GEMS_PARM_01", 0x27);
    h.text_as(tag, VR::SH, "0.984:1");
}

fn canon(place: &Place<'_>, h: &mut Header) {
    let person = &place.subject.person;
    let tag = h.private(0x7005, "TOSHIBA_MEC_CT3", 0x0B);
    h.text_as(tag, VR::SH, "FC08");
    h.text_as(Tag(0x7005, 0x1070), VR::LO, &person.name.joined());
    h.text_as(Tag(0x7005, 0x1071), VR::UI, &place.series_uid());
}

fn philips(place: &Place<'_>, h: &mut Header) {
    let person = &place.subject.person;
    let tag = h.private(0x00E1, "ELSCINT1", 0x21);
    h.text_as(tag, VR::DS, "212.4");
    h.text_as(Tag(0x00E1, 0x1040), VR::SH, &person.name.latin.1);
    h.text_as(Tag(0x00E1, 0x1050), VR::DS, "6.82");
    let tag = h.private(0x01F1, "ELSCINT1", 0x01);
    h.text_as(tag, VR::CS, "HELIX");
    h.text_as(Tag(0x01F1, 0x1026), VR::DS, "0.9");
    h.text_as(Tag(0x01F1, 0x1027), VR::DS, "0.5");
}

/// A private sequence: the patient again, one level down.
fn samsung(place: &Place<'_>, h: &mut Header) {
    let person = &place.subject.person;
    let mut item = h.sub_item();
    item.text_as(Tag(0x0021, 0x0010), VR::LO, "SAMSUNG ELECTRONICS XR");
    item.text_as(Tag(0x0021, 0x1002), VR::PN, &person.name.joined());
    item.text_as(Tag(0x0021, 0x1003), VR::LO, &person.resident_number);
    let tag = h.private(0x0021, "SAMSUNG ELECTRONICS XR", 0x01);
    h.element(DataElement::new(tag, VR::SQ, DataSetSequence::from(vec![item.finish()])));
}

fn digital(place: &Place<'_>, h: &mut Header) {
    let tag = h.private(0x0019, "XR PANEL 01", 0x01);
    h.text_as(tag, VR::LO, "EI 1.02");
    h.text_as(Tag(0x0019, 0x1005), VR::LT, &format!("{} {}", place.subject.person.former_id, place.day()));
}
