//! The DICOM index: a received instance becomes rows of study, series and instance.

use jiff::Timestamp;
use sumgil_model::{Instance, ProtocolId, Series, SopClass, Study, SubjectId, TransferSyntax, Uid};

use super::{
    StoreError,
    commit::{self, Fit, LinkObject, Outcome, holder},
    db::{Db, Source, Tx, params},
    objects::{Committed, NewObject},
    subjects::Refused,
};

/// What the index keeps of a study. Dates and times in the form of DA and TM, empty where there is none; the
/// dates are shifted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyRow {
    /// Study Instance UID (0020,000D).
    pub uid: Uid<Study>,
    /// Study Date (0008,0020).
    pub study_date: String,
    /// Study Time (0008,0030).
    pub study_time: String,
    /// Accession Number (0008,0050), pseudonymous.
    pub accession_number: String,
    /// Study ID (0020,0010).
    pub study_id: String,
    /// Patient's Sex (0010,0040).
    pub patient_sex: String,
}

/// What the index keeps of a series, with the equipment that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesRow {
    /// Series Instance UID (0020,000E).
    pub uid: Uid<Series>,
    /// Modality (0008,0060).
    pub modality: String,
    /// Series Number (0020,0011).
    pub series_number: Option<i64>,
    /// Series Date (0008,0021).
    pub series_date: String,
    /// Series Time (0008,0031).
    pub series_time: String,
    /// Body Part Examined (0018,0015).
    pub body_part_examined: String,
    /// Laterality (0020,0060).
    pub laterality: String,
    /// Manufacturer (0008,0070), as the header writes it.
    pub manufacturer: String,
    /// Manufacturer's Model Name (0008,1090).
    pub manufacturer_model_name: String,
    /// Station Name (0008,1010).
    pub station_name: String,
    /// Device Serial Number (0018,1000).
    pub device_serial_number: String,
    /// Software Versions (0018,1020), values separated by backslash.
    pub software_versions: String,
}

/// What the index keeps of an instance. Texts are empty, numbers absent where the header has none.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceRow {
    /// SOP Instance UID (0008,0018).
    pub uid: Uid<Instance>,
    /// SOP Class UID (0008,0016).
    pub sop_class: Uid<SopClass>,
    /// Transfer Syntax UID (0002,0010).
    pub transfer_syntax: Uid<TransferSyntax>,
    /// Instance Number (0020,0013).
    pub instance_number: Option<i64>,
    /// Image Type (0008,0008), values separated by backslash: tells localisers from images.
    pub image_type: String,
    /// View Position (0018,5101).
    pub view_position: String,
    /// View Code Sequence (0054,0220): Code Value (0008,0100) of its first item.
    pub view_code: String,
    /// Patient Orientation (0020,0020), values separated by backslash.
    pub patient_orientation: String,
    /// Image Laterality (0020,0062).
    pub image_laterality: String,
    /// Manufacturer (0008,0070), as the header writes it.
    pub manufacturer: String,
    /// Manufacturer's Model Name (0008,1090).
    pub manufacturer_model_name: String,
    /// Acquisition Date (0008,0022), or the date of Acquisition DateTime (0008,002A).
    pub acquisition_date: String,
    /// Acquisition Time (0008,0032).
    pub acquisition_time: String,
    /// Content Date (0008,0023).
    pub content_date: String,
    /// Content Time (0008,0033).
    pub content_time: String,
    /// Rows (0028,0010).
    pub rows_px: Option<i64>,
    /// Columns (0028,0011).
    pub columns_px: Option<i64>,
    /// Number of Frames (0028,0008).
    pub frames: Option<i64>,
    /// Bits Allocated (0028,0100).
    pub bits_allocated: Option<i64>,
    /// Pixel Spacing (0028,0030), else Imager Pixel Spacing (0018,1164), in millimetres, backslash between.
    pub pixel_spacing: String,
    /// Slice Thickness (0018,0050).
    pub slice_thickness_mm: Option<f64>,
    /// KVP (0018,0060).
    pub kvp: Option<f64>,
    /// X-Ray Tube Current (0018,1151).
    pub tube_current_ma: Option<f64>,
    /// Exposure (0018,1152).
    pub exposure_mas: Option<f64>,
    /// Convolution Kernel (0018,1210).
    pub convolution_kernel: String,
    /// Contrast/Bolus Agent (0018,0010).
    pub contrast_agent: String,
}

/// A received instance, ready for its one transaction.
pub struct InstanceRows {
    /// The sealed object; its `kind` is `Instance`, its `uid` the SOP instance UID.
    pub object: NewObject,
    /// The protocols that the subject is enrolled in by this arrival; at least one.
    pub protocols: Vec<ProtocolId>,
    /// Its study.
    pub study: StudyRow,
    /// Its series.
    pub series: SeriesRow,
    /// The instance.
    pub instance: InstanceRow,
}

const STUDY_HELD_BY: &str = "SELECT subject_id AS held_by FROM study WHERE uid = $1";
const SERIES_HELD_BY: &str = "SELECT study_uid AS held_by FROM series WHERE uid = $1";
const INSTANCE_HELD_BY: &str = "SELECT object_digest AS held_by FROM instance WHERE uid = $1";
const ADD_STUDY: &str = "INSERT INTO study (uid, subject_id, site_id, study_date, study_time, \
    accession_number, study_id, patient_sex, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
    ON CONFLICT (uid) DO UPDATE SET study_date = excluded.study_date \
    WHERE study.study_date = '' AND excluded.study_date <> ''";
const ADD_SERIES: &str = "INSERT INTO series (uid, study_uid, modality, series_number, series_date, \
    series_time, body_part_examined, laterality, manufacturer, manufacturer_model_name, station_name, \
    device_serial_number, software_versions, received_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (uid) DO NOTHING";
const ADD_INSTANCE: &str = "INSERT INTO instance (uid, series_uid, study_uid, object_digest, sop_class, \
    transfer_syntax, instance_number, image_type, view_position, view_code, patient_orientation, \
    image_laterality, manufacturer, manufacturer_model_name, acquisition_date, acquisition_time, \
    content_date, content_time, rows_px, columns_px, frames, bits_allocated, pixel_spacing, \
    slice_thickness_mm, kvp, tube_current_ma, exposure_mas, convolution_kernel, contrast_agent, received_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
    $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)";

/// Commits a received instance: object row with its wrapped key, index rows and audit line, in the caller's
/// transaction. Duplicates and version conflicts are found here; see [`Committed`].
///
/// # Errors
/// A database error; an unknown site or protocol breaks a foreign key.
pub async fn commit(tx: &mut Tx, rows: InstanceRows, link: LinkObject) -> Result<Committed, StoreError> {
    let InstanceRows { object, protocols, study, series, instance } = rows;
    let fit = fit(tx, object.subject.as_str(), &study, &series, &instance).await?;
    let object = match commit::object(tx, object, &protocols, fit, link).await? {
        Outcome::Done(committed) => return Ok(committed),
        Outcome::Index(object) => object,
    };
    let at = object.received_at;
    let study_row = params![
        &study.uid,
        &object.subject,
        &object.site,
        &study.study_date,
        &study.study_time,
        &study.accession_number,
        &study.study_id,
        &study.patient_sex,
        at,
    ];
    tx.execute(ADD_STUDY, study_row).await?;
    add_series(tx, &study, &series, at).await?;
    add_instance(tx, &study, &series, &instance, object.digest.as_str(), at).await?;
    Ok(Committed::New(object))
}

/// Whether an instance's study belongs to another subject, or its series to another study: its site gave two
/// patients' identities to one study, and a person has to say which is right.
///
/// # Errors
/// A database error.
pub async fn is_misfit(
    db: &Db,
    subject: &SubjectId,
    study: &StudyRow,
    series: &SeriesRow,
) -> Result<bool, StoreError> {
    let study_of = holder(db, STUDY_HELD_BY, study.uid.as_str()).await?;
    let series_of = holder(db, SERIES_HELD_BY, series.uid.as_str()).await?;
    Ok(differs(study_of, subject.as_str()) || differs(series_of, study.uid.as_str()))
}

fn differs(held: Option<String>, wanted: &str) -> bool {
    held.is_some_and(|by| by != wanted)
}

async fn fit(
    tx: &mut Tx,
    subject: &str,
    study: &StudyRow,
    series: &SeriesRow,
    instance: &InstanceRow,
) -> Result<Fit, StoreError> {
    let study_of = holder(&mut *tx, STUDY_HELD_BY, study.uid.as_str()).await?;
    let series_of = holder(&mut *tx, SERIES_HELD_BY, series.uid.as_str()).await?;
    if differs(study_of, subject) || differs(series_of, study.uid.as_str()) {
        return Ok(Fit::Refused(Refused::IdentityMismatch));
    }
    let taken = holder(&mut *tx, INSTANCE_HELD_BY, instance.uid.as_str()).await?.is_some();
    Ok(if taken { Fit::Taken } else { Fit::Free })
}

async fn add_series(
    tx: &mut Tx,
    study: &StudyRow,
    series: &SeriesRow,
    at: Timestamp,
) -> Result<(), StoreError> {
    let row = params![
        &series.uid,
        &study.uid,
        &series.modality,
        series.series_number,
        &series.series_date,
        &series.series_time,
        &series.body_part_examined,
        &series.laterality,
        &series.manufacturer,
        &series.manufacturer_model_name,
        &series.station_name,
        &series.device_serial_number,
        &series.software_versions,
        at,
    ];
    tx.execute(ADD_SERIES, row).await.map(|_| ())
}

async fn add_instance(
    tx: &mut Tx,
    study: &StudyRow,
    series: &SeriesRow,
    instance: &InstanceRow,
    digest: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let row = params![
        &instance.uid,
        &series.uid,
        &study.uid,
        digest,
        &instance.sop_class,
        &instance.transfer_syntax,
        instance.instance_number,
        &instance.image_type,
        &instance.view_position,
        &instance.view_code,
        &instance.patient_orientation,
        &instance.image_laterality,
        &instance.manufacturer,
        &instance.manufacturer_model_name,
        &instance.acquisition_date,
        &instance.acquisition_time,
        &instance.content_date,
        &instance.content_time,
        instance.rows_px,
        instance.columns_px,
        instance.frames,
        instance.bits_allocated,
        &instance.pixel_spacing,
        instance.slice_thickness_mm,
        instance.kvp,
        instance.tube_current_ma,
        instance.exposure_mas,
        &instance.convolution_kernel,
        &instance.contrast_agent,
        at,
    ];
    tx.execute(ADD_INSTANCE, row).await.map(|_| ())
}

const OBJECTS_OF_STUDY: &str = "SELECT series_uid, uid, object_digest FROM instance \
    WHERE study_uid = $1 ORDER BY series_uid, uid";
const OBJECTS_OF_SERIES: &str = "SELECT series_uid, uid, object_digest FROM instance \
    WHERE study_uid = $1 AND series_uid = $2 ORDER BY series_uid, uid";
const OBJECTS_OF_INSTANCE: &str = "SELECT series_uid, uid, object_digest FROM instance \
    WHERE study_uid = $1 AND series_uid = $2 AND uid = $3";

/// Where an instance's bytes are: what WADO-RS needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// Its series.
    pub series: Uid<Series>,
    /// Its SOP instance UID.
    pub instance: Uid<Instance>,
    /// Its sealed object; see [`super::objects::find`].
    pub digest: sumgil_model::ObjectDigest,
}

/// The instances of a study, of one of its series, or one of them; in the order of their UIDs.
///
/// # Errors
/// A database error.
pub async fn locate(
    source: impl Source,
    study: &Uid<Study>,
    series: Option<&Uid<Series>>,
    instance: Option<&Uid<Instance>>,
) -> Result<Vec<Located>, StoreError> {
    let (sql, row) = match (series, instance) {
        (Some(series), Some(instance)) => (OBJECTS_OF_INSTANCE, params![study, series, instance]),
        (Some(series), None) => (OBJECTS_OF_SERIES, params![study, series]),
        _ => (OBJECTS_OF_STUDY, params![study]),
    };
    let rows = source.all(sql.into(), row).await?;
    rows.iter()
        .map(|row| {
            Ok(Located {
                series: row.parsed("series_uid")?,
                instance: row.parsed("uid")?,
                digest: row.parsed("object_digest")?,
            })
        })
        .collect()
}
