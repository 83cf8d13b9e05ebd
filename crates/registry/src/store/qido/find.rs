//! The three searches. Each picks its page first and counts afterwards, so that counting costs a page and not
//! the whole table.

use sumgil_model::{SiteId, SubjectId};

use super::{
    filter::{Conditions, Level, Query},
    read,
};
use crate::store::{
    StoreError,
    db::Source,
    instances::{InstanceRow, SeriesRow, StudyRow},
};

/// A study that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyMatch {
    /// The study.
    pub study: StudyRow,
    /// Whose it is.
    pub subject: SubjectId,
    /// Where it was made.
    pub site: SiteId,
    /// Modalities in Study (0008,0061), sorted.
    pub modalities: Vec<String>,
    /// Number of Study Related Series (0020,1206).
    pub series: u64,
    /// Number of Study Related Instances (0020,1208).
    pub instances: u64,
}

/// A series that matches, with its study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesMatch {
    /// Its study.
    pub study: StudyRow,
    /// Whose it is.
    pub subject: SubjectId,
    /// Where it was made.
    pub site: SiteId,
    /// The series.
    pub series: SeriesRow,
    /// Number of Series Related Instances (0020,1209).
    pub instances: u64,
}

/// An instance that matches, with its series and study.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceMatch {
    /// Its study.
    pub study: StudyRow,
    /// Whose it is.
    pub subject: SubjectId,
    /// Where it was made.
    pub site: SiteId,
    /// Its series.
    pub series: SeriesRow,
    /// The instance.
    pub instance: InstanceRow,
}

const STUDY_COLUMNS: &str = "st.uid AS study_uid, st.subject_id, st.site_id, st.study_date, st.study_time, \
    st.accession_number, st.study_id, st.patient_sex";
const SERIES_COLUMNS: &str = "se.uid AS series_uid, se.modality, se.series_number, se.series_date, \
    se.series_time, se.body_part_examined, se.laterality, se.manufacturer, se.manufacturer_model_name, \
    se.station_name, se.device_serial_number, se.software_versions";
const INSTANCE_COLUMNS: &str = "i.uid AS instance_uid, i.sop_class, i.transfer_syntax, i.instance_number, \
    i.image_type, i.view_position, i.view_code, i.patient_orientation, i.image_laterality, \
    i.manufacturer AS instance_manufacturer, i.manufacturer_model_name AS instance_model, \
    i.acquisition_date, i.acquisition_time, i.content_date, i.content_time, i.rows_px, i.columns_px, \
    i.frames, i.bits_allocated, i.pixel_spacing, i.slice_thickness_mm, i.kvp, i.tube_current_ma, \
    i.exposure_mas, i.convolution_kernel, i.contrast_agent";
const STUDY_COUNTS: &str = "SELECT page.*, \
    (SELECT COUNT(*) FROM series x WHERE x.study_uid = page.study_uid) AS series_count, \
    (SELECT COUNT(*) FROM instance x WHERE x.study_uid = page.study_uid) AS instance_count, \
    (SELECT string_agg(m.modality, ' ') FROM \
        (SELECT DISTINCT x.modality FROM series x WHERE x.study_uid = page.study_uid) m) AS modalities";
const SERIES_COUNTS: &str = "SELECT page.*, \
    (SELECT COUNT(*) FROM instance x WHERE x.series_uid = page.series_uid) AS instance_count";
const FROM_SERIES: &str = "FROM series se JOIN study st ON st.uid = se.study_uid";
const FROM_INSTANCES: &str = "FROM instance i JOIN series se ON se.uid = i.series_uid \
    JOIN study st ON st.uid = i.study_uid";

/// Studies, by date and UID.
///
/// # Errors
/// [`StoreError::Conflict`] when a filter lists too many values; a database error.
pub async fn studies(source: impl Source, query: &Query) -> Result<Vec<StudyMatch>, StoreError> {
    let (conditions, page, params) = Conditions::of(query, Level::Study)?.finish(query);
    let sql = format!(
        "{STUDY_COUNTS} FROM (SELECT {STUDY_COLUMNS} FROM study st WHERE {conditions} \
         ORDER BY st.study_date, st.uid {page}) page ORDER BY page.study_date, page.study_uid"
    );
    source.all(sql.into(), params).await?.iter().map(read::study_match).collect()
}

/// Series, by the UIDs of study and series.
///
/// # Errors
/// [`StoreError::Conflict`] when a filter lists too many values; a database error.
pub async fn series(source: impl Source, query: &Query) -> Result<Vec<SeriesMatch>, StoreError> {
    let (conditions, page, params) = Conditions::of(query, Level::Series)?.finish(query);
    let sql = format!(
        "{SERIES_COUNTS} FROM (SELECT {STUDY_COLUMNS}, {SERIES_COLUMNS} {FROM_SERIES} WHERE {conditions} \
         ORDER BY se.study_uid, se.uid {page}) page ORDER BY page.study_uid, page.series_uid"
    );
    source.all(sql.into(), params).await?.iter().map(read::series_match).collect()
}

/// Instances, by the UIDs of study, series and instance.
///
/// # Errors
/// [`StoreError::Conflict`] when a filter lists too many values; a database error.
pub async fn instances(source: impl Source, query: &Query) -> Result<Vec<InstanceMatch>, StoreError> {
    let (conditions, page, params) = Conditions::of(query, Level::Instance)?.finish(query);
    let sql = format!(
        "SELECT {STUDY_COLUMNS}, {SERIES_COLUMNS}, {INSTANCE_COLUMNS} {FROM_INSTANCES} WHERE {conditions} \
         ORDER BY i.study_uid, i.series_uid, i.uid {page}"
    );
    source.all(sql.into(), params).await?.iter().map(read::instance_match).collect()
}
