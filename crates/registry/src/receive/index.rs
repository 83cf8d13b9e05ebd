//! What the index keeps of a data set: study, series and instance rows.

use sumgil_dicom::{DataSet, access, dicom_core::Tag, dictionary::tags};
use sumgil_model::{SopClass, TransferSyntax, Uid};

use crate::store::instances::{InstanceRow, SeriesRow, StudyRow};

/// The three rows of one instance.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexRows {
    /// Its study.
    pub study: StudyRow,
    /// Its series.
    pub series: SeriesRow,
    /// The instance.
    pub instance: InstanceRow,
}

/// Longest text that the index keeps; longer ones are of no use for searching.
const LONGEST_TEXT: usize = 512;

impl IndexRows {
    /// The rows of `data_set`; `Err` names the UID that is absent or malformed.
    ///
    /// # Errors
    /// When study, series, instance or SOP class UID is absent or malformed.
    pub fn of(data_set: &DataSet, transfer_syntax: &Uid<TransferSyntax>) -> Result<Self, &'static str> {
        let sop_class = access::uid(data_set, tags::SOP_CLASS_UID).ok_or("SOP class UID")?;
        Ok(Self {
            study: study(data_set)?,
            series: series(data_set)?,
            instance: instance(data_set, sop_class, transfer_syntax.clone())?,
        })
    }
}

fn text(data_set: &DataSet, tag: Tag) -> String {
    let text = access::text(data_set, tag).unwrap_or_default();
    text.chars().filter(|c| !c.is_control()).take(LONGEST_TEXT).collect()
}

/// The first of several attributes that has a text.
fn first(data_set: &DataSet, tags: [Tag; 2]) -> String {
    tags.into_iter().map(|tag| text(data_set, tag)).find(|text| !text.is_empty()).unwrap_or_default()
}

/// A date as DA: eight digits, or empty.
fn date(data_set: &DataSet, tag: Tag) -> String {
    access::date(data_set, tag).map_or_else(String::new, |date| date.strftime("%Y%m%d").to_string())
}

fn study(data_set: &DataSet) -> Result<StudyRow, &'static str> {
    Ok(StudyRow {
        uid: access::uid(data_set, tags::STUDY_INSTANCE_UID).ok_or("study instance UID")?,
        study_date: date(data_set, tags::STUDY_DATE),
        study_time: text(data_set, tags::STUDY_TIME),
        accession_number: text(data_set, tags::ACCESSION_NUMBER),
        study_id: text(data_set, tags::STUDY_ID),
        patient_sex: text(data_set, tags::PATIENT_SEX),
    })
}

fn series(data_set: &DataSet) -> Result<SeriesRow, &'static str> {
    Ok(SeriesRow {
        uid: access::uid(data_set, tags::SERIES_INSTANCE_UID).ok_or("series instance UID")?,
        modality: text(data_set, tags::MODALITY),
        series_number: access::integer(data_set, tags::SERIES_NUMBER),
        series_date: date(data_set, tags::SERIES_DATE),
        series_time: text(data_set, tags::SERIES_TIME),
        body_part_examined: text(data_set, tags::BODY_PART_EXAMINED),
        laterality: text(data_set, tags::LATERALITY),
        manufacturer: text(data_set, tags::MANUFACTURER),
        manufacturer_model_name: text(data_set, tags::MANUFACTURER_MODEL_NAME),
        station_name: text(data_set, tags::STATION_NAME),
        device_serial_number: text(data_set, tags::DEVICE_SERIAL_NUMBER),
        software_versions: text(data_set, tags::SOFTWARE_VERSIONS),
    })
}

fn instance(
    data_set: &DataSet,
    sop_class: Uid<SopClass>,
    transfer_syntax: Uid<TransferSyntax>,
) -> Result<InstanceRow, &'static str> {
    let number = |tag| access::integer(data_set, tag);
    Ok(InstanceRow {
        uid: access::uid(data_set, tags::SOP_INSTANCE_UID).ok_or("SOP instance UID")?,
        sop_class,
        transfer_syntax,
        instance_number: number(tags::INSTANCE_NUMBER),
        image_type: text(data_set, tags::IMAGE_TYPE),
        view_position: text(data_set, tags::VIEW_POSITION),
        view_code: view_code(data_set),
        patient_orientation: text(data_set, tags::PATIENT_ORIENTATION),
        image_laterality: text(data_set, tags::IMAGE_LATERALITY),
        manufacturer: text(data_set, tags::MANUFACTURER),
        manufacturer_model_name: text(data_set, tags::MANUFACTURER_MODEL_NAME),
        acquisition_date: acquisition_date(data_set),
        acquisition_time: text(data_set, tags::ACQUISITION_TIME),
        content_date: date(data_set, tags::CONTENT_DATE),
        content_time: text(data_set, tags::CONTENT_TIME),
        rows_px: number(tags::ROWS),
        columns_px: number(tags::COLUMNS),
        frames: number(tags::NUMBER_OF_FRAMES),
        bits_allocated: number(tags::BITS_ALLOCATED),
        pixel_spacing: first(data_set, [tags::PIXEL_SPACING, tags::IMAGER_PIXEL_SPACING]),
        slice_thickness_mm: access::number(data_set, tags::SLICE_THICKNESS),
        kvp: access::number(data_set, tags::KVP),
        tube_current_ma: access::number(data_set, tags::X_RAY_TUBE_CURRENT),
        exposure_mas: access::number(data_set, tags::EXPOSURE),
        convolution_kernel: text(data_set, tags::CONVOLUTION_KERNEL),
        contrast_agent: text(data_set, tags::CONTRAST_BOLUS_AGENT),
    })
}

/// Acquisition Date, or the date of Acquisition DateTime.
fn acquisition_date(data_set: &DataSet) -> String {
    let plain = date(data_set, tags::ACQUISITION_DATE);
    if !plain.is_empty() {
        return plain;
    }
    let with_time = text(data_set, tags::ACQUISITION_DATE_TIME);
    let day = with_time.get(..8).and_then(access::parse_date);
    day.map_or_else(String::new, |day| day.strftime("%Y%m%d").to_string())
}

/// Code Value of the first item of View Code Sequence.
fn view_code(data_set: &DataSet) -> String {
    let item = data_set
        .get(tags::VIEW_CODE_SEQUENCE)
        .and_then(|element| element.items())
        .and_then(<[DataSet]>::first);
    item.map_or_else(String::new, |item| text(item, tags::CODE_VALUE))
}
