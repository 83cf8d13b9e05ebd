//! Rows of the three searches as typed matches.

use super::find::{InstanceMatch, SeriesMatch, StudyMatch};
use crate::store::{
    StoreError,
    db::Row,
    instances::{InstanceRow, SeriesRow, StudyRow},
};

pub(super) fn study_match(row: &Row) -> Result<StudyMatch, StoreError> {
    let modalities = row.optional_text("modalities")?.unwrap_or_default();
    let mut modalities: Vec<String> = modalities.split_whitespace().map(str::to_owned).collect();
    modalities.sort_unstable();
    Ok(StudyMatch {
        study: study(row)?,
        subject: row.parsed("subject_id")?,
        site: row.parsed("site_id")?,
        modalities,
        series: row.unsigned("series_count")?,
        instances: row.unsigned("instance_count")?,
    })
}

pub(super) fn series_match(row: &Row) -> Result<SeriesMatch, StoreError> {
    Ok(SeriesMatch {
        study: study(row)?,
        subject: row.parsed("subject_id")?,
        site: row.parsed("site_id")?,
        series: series(row)?,
        instances: row.unsigned("instance_count")?,
    })
}

pub(super) fn instance_match(row: &Row) -> Result<InstanceMatch, StoreError> {
    Ok(InstanceMatch {
        study: study(row)?,
        subject: row.parsed("subject_id")?,
        site: row.parsed("site_id")?,
        series: series(row)?,
        instance: instance(row)?,
    })
}

fn study(row: &Row) -> Result<StudyRow, StoreError> {
    Ok(StudyRow {
        uid: row.parsed("study_uid")?,
        study_date: row.text("study_date")?,
        study_time: row.text("study_time")?,
        accession_number: row.text("accession_number")?,
        study_id: row.text("study_id")?,
        patient_sex: row.text("patient_sex")?,
    })
}

fn series(row: &Row) -> Result<SeriesRow, StoreError> {
    Ok(SeriesRow {
        uid: row.parsed("series_uid")?,
        modality: row.text("modality")?,
        series_number: row.optional_integer("series_number")?,
        series_date: row.text("series_date")?,
        series_time: row.text("series_time")?,
        body_part_examined: row.text("body_part_examined")?,
        laterality: row.text("laterality")?,
        manufacturer: row.text("manufacturer")?,
        manufacturer_model_name: row.text("manufacturer_model_name")?,
        station_name: row.text("station_name")?,
        device_serial_number: row.text("device_serial_number")?,
        software_versions: row.text("software_versions")?,
    })
}

fn instance(row: &Row) -> Result<InstanceRow, StoreError> {
    Ok(InstanceRow {
        uid: row.parsed("instance_uid")?,
        sop_class: row.parsed("sop_class")?,
        transfer_syntax: row.parsed("transfer_syntax")?,
        instance_number: row.optional_integer("instance_number")?,
        image_type: row.text("image_type")?,
        view_position: row.text("view_position")?,
        view_code: row.text("view_code")?,
        patient_orientation: row.text("patient_orientation")?,
        image_laterality: row.text("image_laterality")?,
        manufacturer: row.text("instance_manufacturer")?,
        manufacturer_model_name: row.text("instance_model")?,
        acquisition_date: row.text("acquisition_date")?,
        acquisition_time: row.text("acquisition_time")?,
        content_date: row.text("content_date")?,
        content_time: row.text("content_time")?,
        rows_px: row.optional_integer("rows_px")?,
        columns_px: row.optional_integer("columns_px")?,
        frames: row.optional_integer("frames")?,
        bits_allocated: row.optional_integer("bits_allocated")?,
        pixel_spacing: row.text("pixel_spacing")?,
        slice_thickness_mm: row.optional_real("slice_thickness_mm")?,
        kvp: row.optional_real("kvp")?,
        tube_current_ma: row.optional_real("tube_current_ma")?,
        exposure_mas: row.optional_real("exposure_mas")?,
        convolution_kernel: row.text("convolution_kernel")?,
        contrast_agent: row.text("contrast_agent")?,
    })
}
