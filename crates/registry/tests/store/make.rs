//! Rows for tests, all invented.

use jiff::Timestamp;
use jiff::{ToSpan as _, civil::Date};
use sumgil_model::{
    ClinicalRecord, Measured, ObjectDigest, Observation, ProtocolId, Quantity, ReferenceRange, SiteId,
    SubjectId, Uid, UidKind, Value,
};
use sumgil_registry::store::{
    Db, Decision, LinkObject,
    audit::{AuditHead, AuditLink},
    clinical::{self, ClinicalRows},
    instances::{self, InstanceRow, InstanceRows, SeriesRow, StudyRow},
    objects::{Committed, Kind, NewObject},
    protocols::{self, Protocol},
    sites,
};

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_600_000_000 + second).unwrap()
}

pub(crate) fn site(code: &str) -> SiteId {
    SiteId::parse(code).unwrap()
}

pub(crate) fn protocol_id() -> ProtocolId {
    ProtocolId::parse("kicc").unwrap()
}

pub(crate) fn subject(number: u64) -> SubjectId {
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&number.to_be_bytes());
    SubjectId::from_bytes(bytes)
}

pub(crate) fn digest(number: u64) -> ObjectDigest {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    ObjectDigest::from_bytes(bytes)
}

pub(crate) fn uid<K: UidKind>(number: u64) -> Uid<K> {
    Uid::from_u128(u128::from(number))
}

pub(crate) fn protocol() -> Protocol {
    Protocol {
        id: protocol_id(),
        name: "Imaging cohort".into(),
        codebook: "{}".into(),
        eligibility: "{}".into(),
        profile: "sumgil-default-1".into(),
        created_at: at(0),
        closed_at: None,
    }
}

/// A database with one protocol and two sites.
pub(crate) async fn furnish(db: &Db) {
    db.write(|tx| {
        Box::pin(async move {
            protocols::add(tx, &protocol()).await?;
            for code in ["hosp-01", "hosp-02"] {
                sites::add(tx, &site(code), code, at(0)).await?;
                protocols::add_site(tx, &protocol_id(), &site(code), at(0)).await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

/// A stand-in for the audit chain: enough to see that numbers and hashes follow each other.
pub(crate) fn link() -> LinkObject {
    Box::new(|head: &AuditHead, decision: &Decision| {
        Ok(AuditLink {
            at: at(1),
            line: format!("{{\"event\":\"object\",\"state\":\"{}\"}}", decision.state.as_str()),
            hash: chain(head),
        })
    })
}

pub(crate) fn chain(head: &AuditHead) -> Vec<u8> {
    let mut hash = head.last_hash.clone().unwrap_or_default();
    hash.extend(head.next_sequence.to_be_bytes());
    hash
}

pub(crate) fn object(number: u64, subject_number: u64, uid: &str) -> NewObject {
    NewObject {
        digest: digest(number),
        site: site("hosp-01"),
        subject: subject(subject_number),
        kind: Kind::Instance,
        uid: uid.to_owned(),
        profile: "sumgil-default-1".into(),
        size_bytes: 1000 + number,
        sequence: number,
        content_digest: number.to_be_bytes().to_vec(),
        wrapped_key: vec![1, 2, 3],
        received_at: at(10),
        quarantine: None,
    }
}

/// An instance of study `study`, series `study * 10`, with UID and digest `number`.
pub(crate) fn instance(number: u64, subject_number: u64, study: u64) -> InstanceRows {
    let uid_text = uid::<sumgil_model::Instance>(number).to_string();
    InstanceRows {
        object: object(number, subject_number, &uid_text),
        protocols: vec![protocol_id()],
        study: StudyRow {
            uid: uid(study),
            study_date: "20200310".into(),
            study_time: "101500".into(),
            accession_number: format!("A{study}"),
            study_id: String::new(),
            patient_sex: "F".into(),
        },
        series: SeriesRow {
            uid: uid(study * 10),
            modality: "CT".into(),
            series_number: Some(2),
            series_date: "20200310".into(),
            series_time: String::new(),
            body_part_examined: "CHEST".into(),
            laterality: String::new(),
            manufacturer: "SIEMENS".into(),
            manufacturer_model_name: "SOMATOM Force".into(),
            station_name: "CT1".into(),
            device_serial_number: "1".into(),
            software_versions: "VB20".into(),
        },
        instance: instance_row(number),
    }
}

fn instance_row(number: u64) -> InstanceRow {
    InstanceRow {
        uid: uid(number),
        sop_class: Uid::parse("1.2.840.10008.5.1.4.1.1.2").unwrap(),
        transfer_syntax: Uid::parse("1.2.840.10008.1.2.1").unwrap(),
        instance_number: Some(i64::try_from(number).unwrap()),
        image_type: "ORIGINAL\\PRIMARY\\AXIAL".into(),
        view_position: String::new(),
        view_code: String::new(),
        patient_orientation: String::new(),
        image_laterality: String::new(),
        manufacturer: "SIEMENS".into(),
        manufacturer_model_name: "SOMATOM Force".into(),
        acquisition_date: "20200310".into(),
        acquisition_time: "101501.5".into(),
        content_date: "20200310".into(),
        content_time: String::new(),
        rows_px: Some(64),
        columns_px: Some(64),
        frames: None,
        bits_allocated: Some(16),
        pixel_spacing: "0.7\\0.7".into(),
        slice_thickness_mm: Some(1.25),
        kvp: Some(120.0),
        tube_current_ma: None,
        exposure_mas: None,
        convolution_kernel: "Br60".into(),
        contrast_agent: String::new(),
    }
}

pub(crate) async fn commit(db: &Db, rows: InstanceRows) -> Committed {
    db.write(move |tx| Box::pin(instances::commit(tx, rows, link()))).await.unwrap()
}

/// Days of the hand-made stays, counted from admission on 1 March 2020.
pub(crate) fn day(number: i64) -> Date {
    Date::constant(2020, 3, 1).checked_add(number.days()).unwrap()
}

pub(crate) fn record(subject_number: u64, revision: u64) -> ClinicalRecord {
    ClinicalRecord {
        site: site("hosp-01"),
        subject: subject(subject_number),
        revision,
        sex: None,
        age_years: None,
        stay: None,
        observations: Vec::new(),
        exams: Vec::new(),
    }
}

pub(crate) fn answer(variable: &str, answer: bool) -> Observation {
    observation(variable, Quantity::Answer(answer), None, ReferenceRange::default())
}

pub(crate) fn lab(variable: &str, value: f64, at: Date) -> Observation {
    let range = ReferenceRange { low: Some(1.5), high: Some(10.0) };
    observation(variable, Quantity::Number(value), Some(at), range)
}

fn observation(
    variable: &str,
    value: Quantity,
    at: Option<Date>,
    reference_range: ReferenceRange,
) -> Observation {
    let unit = at.map(|_| "mg/L".to_owned());
    let value = Value::Measured(Measured { value, unit, reference_range, at, source: "form".into() });
    Observation { variable: variable.to_owned(), value }
}

pub(crate) fn number_of(value: &Value) -> f64 {
    value.number().unwrap().0
}

pub(crate) fn clinical_object(record: &ClinicalRecord) -> NewObject {
    let text = serde_json::to_string(record).unwrap();
    let number = text.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    NewObject {
        site: record.site.clone(),
        subject: record.subject.clone(),
        kind: Kind::Clinical,
        uid: format!("{}-{}", record.subject, record.revision),
        content_digest: text.into_bytes(),
        size_bytes: 500,
        sequence: record.revision,
        digest: digest(number),
        ..object(1, 1, "")
    }
}

pub(crate) async fn commit_record(db: &Db, record: ClinicalRecord) -> Committed {
    let rows = ClinicalRows { object: clinical_object(&record), protocols: vec![protocol_id()], record };
    db.write(move |tx| Box::pin(clinical::commit(tx, rows, link()))).await.unwrap()
}

/// A radiograph: as [`instance`], by a DX device, looking from `view_position`.
pub(crate) fn radiograph(number: u64, subject_number: u64, study: u64, view_position: &str) -> InstanceRows {
    let mut rows = instance(number, subject_number, study);
    rows.series.modality = "DX".into();
    rows.instance.sop_class = Uid::parse("1.2.840.10008.5.1.4.1.1.1.1").unwrap();
    rows.instance.view_position = view_position.to_owned();
    rows.instance.image_type = "ORIGINAL\\PRIMARY".into();
    rows.instance.manufacturer = "SAMSUNG ELECTRONICS".into();
    rows.instance.manufacturer_model_name = "GM85".into();
    rows
}
