//! Matches of a search in the DICOM JSON model (PS3.18 section 10.6.3): what the index keeps, nothing more.

use serde_json::{Map, Value, json};
use sumgil_dicom::{dicom_core::Tag, dictionary::tags, web::JsonDataSet};
use sumgil_model::{SiteId, SubjectId};

use crate::store::{
    instances::{InstanceRow, SeriesRow, StudyRow},
    qido::{InstanceMatch, SeriesMatch, StudyMatch},
};

/// A study.
pub(super) fn study(found: &StudyMatch, base: &str) -> JsonDataSet {
    let mut attributes = Attributes::default();
    attributes.study(&found.study, &found.subject, &found.site);
    attributes.put(tags::MODALITIES_IN_STUDY, "CS", found.modalities.iter().map(|m| json!(m)).collect());
    attributes.number(tags::NUMBER_OF_STUDY_RELATED_SERIES, "IS", Some(found.series as i64));
    attributes.number(tags::NUMBER_OF_STUDY_RELATED_INSTANCES, "IS", Some(found.instances as i64));
    attributes.url(&format!("{base}/studies/{}", found.study.uid));
    attributes.0
}

/// A series, with its study.
pub(super) fn series(found: &SeriesMatch, base: &str) -> JsonDataSet {
    let mut attributes = Attributes::default();
    attributes.study(&found.study, &found.subject, &found.site);
    attributes.series(&found.series);
    attributes.number(tags::NUMBER_OF_SERIES_RELATED_INSTANCES, "IS", Some(found.instances as i64));
    attributes.url(&format!("{base}/studies/{}/series/{}", found.study.uid, found.series.uid));
    attributes.0
}

/// An instance, with its series and study.
pub(super) fn instance(found: &InstanceMatch, base: &str) -> JsonDataSet {
    let mut attributes = Attributes::default();
    attributes.study(&found.study, &found.subject, &found.site);
    attributes.series(&found.series);
    attributes.instance(&found.instance);
    let (study, series, instance) = (&found.study.uid, &found.series.uid, &found.instance.uid);
    attributes.url(&format!("{base}/studies/{study}/series/{series}/instances/{instance}"));
    attributes.0
}

#[derive(Default)]
struct Attributes(JsonDataSet);

impl Attributes {
    fn study(&mut self, row: &StudyRow, subject: &SubjectId, site: &SiteId) {
        self.text(tags::SPECIFIC_CHARACTER_SET, "CS", "ISO_IR 192");
        self.text(tags::STUDY_DATE, "DA", &row.study_date);
        self.text(tags::STUDY_TIME, "TM", &row.study_time);
        self.text(tags::ACCESSION_NUMBER, "SH", &row.accession_number);
        self.put(tags::REFERRING_PHYSICIAN_NAME, "PN", Vec::new());
        self.put(tags::PATIENT_NAME, "PN", vec![json!({"Alphabetic": subject})]);
        self.text(tags::PATIENT_ID, "LO", subject.as_str());
        self.put(tags::PATIENT_BIRTH_DATE, "DA", Vec::new());
        self.text(tags::PATIENT_SEX, "CS", &row.patient_sex);
        self.text(tags::CLINICAL_TRIAL_SITE_ID, "LO", site.as_str());
        self.text(tags::STUDY_INSTANCE_UID, "UI", row.uid.as_str());
        self.text(tags::STUDY_ID, "SH", &row.study_id);
        self.text(tags::INSTANCE_AVAILABILITY, "CS", "ONLINE");
    }

    fn series(&mut self, row: &SeriesRow) {
        self.text(tags::MODALITY, "CS", &row.modality);
        self.text(tags::SERIES_INSTANCE_UID, "UI", row.uid.as_str());
        self.number(tags::SERIES_NUMBER, "IS", row.series_number);
        self.text(tags::SERIES_DATE, "DA", &row.series_date);
        self.text(tags::SERIES_TIME, "TM", &row.series_time);
        self.text(tags::BODY_PART_EXAMINED, "CS", &row.body_part_examined);
        self.text(tags::LATERALITY, "CS", &row.laterality);
        self.text(tags::MANUFACTURER, "LO", &row.manufacturer);
        self.text(tags::MANUFACTURER_MODEL_NAME, "LO", &row.manufacturer_model_name);
        self.text(tags::STATION_NAME, "SH", &row.station_name);
    }

    fn instance(&mut self, row: &InstanceRow) {
        self.text(tags::SOP_CLASS_UID, "UI", row.sop_class.as_str());
        self.text(tags::SOP_INSTANCE_UID, "UI", row.uid.as_str());
        self.text(tags::AVAILABLE_TRANSFER_SYNTAX_UID, "UI", row.transfer_syntax.as_str());
        self.number(tags::INSTANCE_NUMBER, "IS", row.instance_number);
        let image_type = row.image_type.split('\\').filter(|v| !v.is_empty()).map(|v| json!(v)).collect();
        self.put(tags::IMAGE_TYPE, "CS", image_type);
        self.text(tags::VIEW_POSITION, "CS", &row.view_position);
        self.text(tags::ACQUISITION_DATE, "DA", &row.acquisition_date);
        self.text(tags::ACQUISITION_TIME, "TM", &row.acquisition_time);
        self.text(tags::CONTENT_DATE, "DA", &row.content_date);
        self.text(tags::CONTENT_TIME, "TM", &row.content_time);
        self.number(tags::ROWS, "US", row.rows_px);
        self.number(tags::COLUMNS, "US", row.columns_px);
        self.number(tags::BITS_ALLOCATED, "US", row.bits_allocated);
        self.number(tags::NUMBER_OF_FRAMES, "IS", row.frames);
    }

    fn url(&mut self, url: &str) {
        self.put(tags::RETRIEVE_URL, "UR", vec![json!(url)]);
    }

    fn text(&mut self, tag: Tag, vr: &str, text: &str) {
        let values = if text.is_empty() { Vec::new() } else { vec![json!(text)] };
        self.put(tag, vr, values);
    }

    fn number(&mut self, tag: Tag, vr: &str, number: Option<i64>) {
        self.put(tag, vr, number.map(|number| json!(number)).into_iter().collect());
    }

    /// An attribute without values has its VR alone (PS3.18 F.2.5).
    fn put(&mut self, tag: Tag, vr: &str, values: Vec<Value>) {
        let mut attribute = Map::new();
        attribute.insert("vr".to_owned(), json!(vr));
        if !values.is_empty() {
            attribute.insert("Value".to_owned(), Value::Array(values));
        }
        self.0.insert(format!("{:04X}{:04X}", tag.group(), tag.element()), Value::Object(attribute));
    }
}
