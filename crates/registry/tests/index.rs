//! What the index keeps of a data set.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a story that cannot go on has failed")]

mod world;

use sumgil_dicom::{
    DataSet,
    dicom_core::{DataElement, PrimitiveValue, VR, value::DataSetSequence},
    dictionary::tags,
};
use sumgil_model::{SubjectId, Uid};
use sumgil_registry::receive::IndexRows;
use world::{Sample, instance::EXPLICIT};

fn sample() -> Sample {
    Sample::dx(&SubjectId::from_bytes([7; 10]), 1, 1)
}

fn rows(data_set: &DataSet) -> Result<IndexRows, &'static str> {
    IndexRows::of(data_set, &Uid::parse(EXPLICIT).unwrap())
}

#[test]
fn equipment_time_and_kind_of_image_are_kept() {
    let mut data_set = sample().data_set();
    let mut put = |tag, vr, value: &str| {
        data_set.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
    };
    put(tags::VIEW_POSITION, VR::CS, "PA");
    put(tags::ACQUISITION_DATE_TIME, VR::DT, "20200311101500.123");
    put(tags::IMAGER_PIXEL_SPACING, VR::DS, "0.143\\0.143");
    put(tags::KVP, VR::DS, "110");
    put(tags::SERIES_DATE, VR::DA, "2020.03.10");
    let rows = rows(&data_set).unwrap();
    assert_eq!(rows.instance.view_position, "PA");
    assert_eq!(rows.instance.image_type, "ORIGINAL\\PRIMARY\\AXIAL");
    assert_eq!(rows.instance.acquisition_date, "20200311");
    assert_eq!(rows.instance.pixel_spacing, "0.143\\0.143");
    assert_eq!((rows.instance.kvp, rows.instance.rows_px), (Some(110.0), Some(16)));
    assert_eq!(rows.series.series_date, "20200310", "the old form of dates");
    assert_eq!((rows.series.manufacturer.as_str(), rows.series.modality.as_str()), ("SIEMENS", "DX"));
    assert_eq!(rows.study.study_date, "20200310");
}

#[test]
fn the_view_code_is_that_of_the_first_item() {
    let mut data_set = sample().data_set();
    let item = DataSet::from_element_iter([DataElement::new(
        tags::CODE_VALUE,
        VR::SH,
        PrimitiveValue::from("R-10206"),
    )]);
    data_set.put(DataElement::new(tags::VIEW_CODE_SEQUENCE, VR::SQ, DataSetSequence::from(vec![item])));
    assert_eq!(rows(&data_set).unwrap().instance.view_code, "R-10206");
}

#[test]
fn what_is_absent_is_empty_and_an_absent_uid_is_named() {
    let rows_of = |tag| {
        let mut data_set = sample().data_set();
        data_set.remove_element(tag);
        rows(&data_set)
    };
    assert_eq!(rows_of(tags::STUDY_DATE).unwrap().study.study_date, "");
    assert_eq!(rows_of(tags::STUDY_INSTANCE_UID), Err("study instance UID"));
    assert_eq!(rows_of(tags::SOP_CLASS_UID), Err("SOP class UID"));
}
