//! Exams of a protocol's subjects, made of the index; their indications from the clinical notes.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sumgil_model::{Equipment, ExamKind, Indication, ProtocolId, Study, SubjectId, Uid};
use sumgil_statistics::ExamRow;

use super::image::{Image, View, ct_image, cxr_view};
use crate::store::{
    StoreError,
    db::{Db, Row, Source, params},
};

/// Instances that look alike are counted by the engine, so that a cohort of millions of slices is a short list.
const IMAGES: &str = "SELECT st.uid AS study_uid, st.subject_id, st.study_date, se.modality, i.sop_class, \
    i.image_type, i.view_position, i.view_code, i.patient_orientation, i.manufacturer, \
    i.manufacturer_model_name, COUNT(*) AS images, MIN(i.uid) AS first_uid \
    FROM subject_protocol sp JOIN subject su ON su.id = sp.subject_id \
    JOIN study st ON st.subject_id = su.id JOIN series se ON se.study_uid = st.uid \
    JOIN instance i ON i.series_uid = se.uid \
    WHERE sp.protocol_id = $1 AND su.withdrawn_at IS NULL AND se.modality IN ('CT', 'CR', 'DX') \
    GROUP BY st.uid, st.subject_id, st.study_date, se.modality, i.sop_class, i.image_type, \
    i.view_position, i.view_code, i.patient_orientation, i.manufacturer, i.manufacturer_model_name \
    ORDER BY st.uid, first_uid";
const NOTES: &str = "SELECT n.study_uid, n.subject_id, n.indications \
    FROM subject_protocol sp JOIN subject su ON su.id = sp.subject_id \
    JOIN exam_note n ON n.subject_id = su.id \
    WHERE sp.protocol_id = $1 AND su.withdrawn_at IS NULL";

/// The exams of a protocol.
#[derive(Clone, Debug, PartialEq)]
pub struct Exams {
    /// One row for each study and kind of exam.
    pub rows: Vec<ExamRow>,
    /// CR and DX images whose header tells no view; they make no study an exam.
    pub untold_views: u64,
}

/// Every exam of the protocol's subjects, inside and outside their stays.
///
/// # Errors
/// A database error.
pub async fn exams(db: &Db, protocol: &ProtocolId) -> Result<Exams, StoreError> {
    let mut studies: BTreeMap<Uid<Study>, StudySoFar> = BTreeMap::new();
    let mut untold_views = 0;
    for row in db.all(IMAGES.into(), params![protocol]).await? {
        let study = studies.entry(row.parsed("study_uid")?).or_insert(StudySoFar::new(&row)?);
        untold_views += study.add(&row)?;
    }
    let notes = notes(db, protocol).await?;
    let rows = studies.into_iter().flat_map(|(uid, study)| study.exams(&uid, &notes)).collect();
    Ok(Exams { rows, untold_views })
}

type Notes = BTreeMap<(SubjectId, Uid<Study>), Vec<Indication>>;

async fn notes(db: &Db, protocol: &ProtocolId) -> Result<Notes, StoreError> {
    let mut notes = Notes::new();
    for row in db.all(NOTES.into(), params![protocol]).await? {
        let codes = row.text("indications")?;
        let indications = codes.split(';').filter_map(Indication::from_code).collect();
        notes.insert((row.parsed("subject_id")?, row.parsed("study_uid")?), indications);
    }
    Ok(notes)
}

/// What has been seen of a study.
struct StudySoFar {
    subject: SubjectId,
    date: Option<Date>,
    ct: Option<Equipment>,
    frontal: Option<Equipment>,
    exposures: Vec<Equipment>,
}

impl StudySoFar {
    fn new(row: &Row) -> Result<Self, StoreError> {
        let date = row.text("study_date")?;
        Ok(Self {
            subject: row.parsed("subject_id")?,
            date: Date::strptime("%Y%m%d", date).ok(),
            ct: None,
            frontal: None,
            exposures: Vec::new(),
        })
    }

    /// Adds images that look alike; answers how many of them tell no view.
    fn add(&mut self, row: &Row) -> Result<u64, StoreError> {
        let texts = [
            row.text("modality")?,
            row.text("sop_class")?,
            row.text("image_type")?,
            row.text("view_position")?,
            row.text("view_code")?,
            row.text("patient_orientation")?,
        ];
        let [modality, sop_class, image_type, view_position, view_code, patient_orientation] =
            texts.each_ref().map(String::as_str);
        let image = Image { modality, sop_class, image_type, view_position, view_code, patient_orientation };
        let images = row.unsigned("images")?;
        let device =
            Equipment::from_header(&row.text("manufacturer")?, &row.text("manufacturer_model_name")?);
        if ct_image(&image) {
            self.ct.get_or_insert(device);
            return Ok(0);
        }
        let Some(view) = cxr_view(&image) else { return Ok(0) };
        self.exposures.extend((0..images).map(|_| device.clone()));
        if view == View::Frontal {
            self.frontal.get_or_insert(device);
        }
        Ok(if view == View::Untold { images } else { 0 })
    }

    fn exams(self, uid: &Uid<Study>, notes: &Notes) -> Vec<ExamRow> {
        let Self { subject, date, ct, frontal, exposures } = self;
        let indications = notes.get(&(subject.clone(), uid.clone()));
        let exam = |kind, equipment, exposures| ExamRow {
            subject: subject.clone(),
            study: uid.clone(),
            kind,
            date,
            equipment,
            exposures,
            indications: indications.cloned(),
        };
        let ct = ct.map(|device| exam(ExamKind::Ct, device, Vec::new()));
        let cxr = frontal.map(|device| exam(ExamKind::Cxr, device, exposures));
        ct.into_iter().chain(cxr).collect()
    }
}
