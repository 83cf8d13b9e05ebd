//! Stories of sealed objects on their way into the registry.

mod world;

use std::{sync::Arc, time::Duration};

use http::{Method, StatusCode};
use sumgil_custody::ObjectKind;
use sumgil_dicom::{dicom_core::VR, dictionary::tags};
use sumgil_model::{ClinicalRecord, Sex};
use sumgil_registry::{
    Role,
    store::{audit, objects, subjects},
};
use sumgil_transfer::{OfferAnswer, PartReply, RefusalCode, http as protocol};
use world::{Sample, World};

#[tokio::test]
async fn an_object_is_kept_once_however_often_it_is_sent() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let parcel = hospital.instance(&Sample::ct(&hospital.subject(1), 1, 1, 1), 1);
    let first = hospital.keep(&world, &parcel).await;
    let again = hospital.keep(&world, &parcel).await;
    assert_eq!(first, again);
    assert!(!first.receipt.quarantined);
    assert_eq!(world.registry.objects.names().await.unwrap(), (vec![parcel.manifest.body.digest.clone()], 0));
    let stored = world.registry.objects.get(&parcel.manifest.body.digest).await.unwrap().unwrap();
    assert_eq!(stored, parcel.bytes, "bytes uploaded are bytes stored");
}

#[tokio::test]
async fn an_upload_goes_on_after_cuts_and_a_restart() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let parcel = hospital.instance(&Sample::ct(&hospital.subject(1), 1, 1, 1), 1);
    let size = parcel.bytes.len();
    assert_eq!(hospital.part(&world, &parcel, 0, 100).await, PartReply::OfferFirst);
    assert_eq!(hospital.offer(&world, &parcel).await, OfferAnswer::Send { offset: 0 });
    assert_eq!(hospital.part(&world, &parcel, 0, 100).await, PartReply::Continue { offset: 100 });
    assert_eq!(hospital.part(&world, &parcel, 0, 100).await, PartReply::WrongOffset { offset: 100 });
    assert_eq!(hospital.part(&world, &parcel, 200, 300).await, PartReply::WrongOffset { offset: 100 });
    let path = protocol::upload_path(&parcel.manifest.body.digest);
    let head = world.request(Method::HEAD, &path, Some(&hospital.token), &[], "").await;
    assert_eq!((head.status, head.header("upload-offset")), (StatusCode::NO_CONTENT, "100"));

    let world = world.restarted().await;
    assert_eq!(hospital.part(&world, &parcel, 100, 200).await, PartReply::OfferFirst);
    assert_eq!(hospital.offer(&world, &parcel).await, OfferAnswer::Send { offset: 100 });
    assert_eq!(hospital.part(&world, &parcel, 100, 200).await, PartReply::Continue { offset: 200 });
    let PartReply::Done { receipt } = hospital.part(&world, &parcel, 200, size).await else { panic!() };
    receipt.verify(&hospital.receipts).unwrap();
    let left = std::fs::read_dir(world.dir().incoming()).unwrap().count();
    assert_eq!(left, 0, "nothing is left in incoming");
}

#[tokio::test]
async fn a_complete_file_found_after_a_crash_is_committed_by_the_next_offer() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let parcel = hospital.instance(&Sample::ct(&hospital.subject(1), 1, 1, 1), 1);
    let name = format!("hosp-01.{}.part", parcel.manifest.body.digest);
    std::fs::write(world.dir().incoming().join(name), &parcel.bytes).unwrap();
    assert!(matches!(hospital.offer(&world, &parcel).await, OfferAnswer::Have { .. }));
}

#[tokio::test]
async fn the_same_content_sealed_anew_is_already_there() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let sample = Sample::ct(&hospital.subject(1), 1, 1, 1);
    let first = hospital.keep(&world, &hospital.instance(&sample, 1)).await;
    let second = hospital.keep(&world, &hospital.instance(&sample, 2)).await;
    assert_eq!(first.receipt.audit_index, second.receipt.audit_index);
    assert_eq!(world.registry.objects.names().await.unwrap().0, vec![first.receipt.digest]);
}

#[tokio::test]
async fn another_content_under_the_same_uid_waits_in_quarantine() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let sample = Sample::ct(&hospital.subject(1), 1, 1, 1);
    let first = hospital.keep(&world, &hospital.instance(&sample, 1)).await;
    let changed = hospital.instance(&Sample { pixel: 99, ..sample.clone() }, 2);
    let second = hospital.keep(&world, &changed).await;
    assert!(!first.receipt.quarantined && second.receipt.quarantined);
    assert_eq!(hospital.keep(&world, &changed).await, second, "the receipt says so again");
    assert_eq!(world.registry.objects.names().await.unwrap().0.len(), 2, "both are kept");
}

#[tokio::test]
async fn what_belongs_elsewhere_is_refused_and_not_kept() {
    let world = World::new().await;
    let (one, two) = (world.hospital("hosp-01").await, world.hospital("hosp-02").await);
    let sample = Sample::ct(&one.subject(1), 1, 1, 1);
    let foreign = two.instance(&sample, 1);
    one.keep(&world, &one.instance(&sample, 1)).await;

    let refused = |reply| match reply {
        PartReply::Refuse { code, .. } => code,
        other => panic!("not refused: {other:?}"),
    };
    assert_eq!(refused(two.send(&world, &foreign).await), RefusalCode::IdentityMismatch);
    let other = Sample::ct(&one.subject(2), 2, 1, 1);
    let misnamed = one.parcel(&other.part10(), ObjectKind::Instance, &sample.uid, &other.subject, 2);
    assert_eq!(refused(one.send(&world, &misnamed).await), RefusalCode::IdentityMismatch);
    let mut unsigned = one.instance(&other, 3);
    unsigned.manifest.body.sequence = 4;
    assert_eq!(refused(one.send(&world, &unsigned).await), RefusalCode::Malformed);
    let garbage = one.parcel(b"no dicom at all", ObjectKind::Instance, &other.uid, &other.subject, 5);
    assert_eq!(refused(one.send(&world, &garbage).await), RefusalCode::Malformed);
    assert_eq!(world.registry.objects.names().await.unwrap().0.len(), 1);
}

#[tokio::test]
async fn what_is_not_deidentified_is_refused_and_never_indexed() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let clean = Sample::ct(&hospital.subject(1), 1, 1, 1);
    let with = |tag, vr, value: &str| Sample { more: vec![(tag, vr, value.into())], ..clean.clone() };
    let named = with(tags::PATIENT_NAME, VR::PN, "Hong^Gildong");
    let addressed = with(tags::PATIENT_ADDRESS, VR::LO, "Jongno-gu 1");
    let foreign = with(tags::FRAME_OF_REFERENCE_UID, VR::UI, "1.2.410.200001.1.9.77");
    for sample in [&named, &addressed, &foreign] {
        let parcel = hospital.instance(sample, 1);
        let PartReply::Refuse { code, detail } = hospital.send(&world, &parcel).await else { panic!() };
        assert_eq!(code, RefusalCode::Deidentification);
        assert!(
            !detail.contains("Hong") && !detail.contains("Jongno") && !detail.contains("410"),
            "{detail}"
        );
    }
    let mut polyglot = clean.part10();
    polyglot[..2].copy_from_slice(b"MZ");
    let parcel = hospital.parcel(&polyglot, ObjectKind::Instance, &clean.uid, &clean.subject, 4);
    let PartReply::Refuse { code, .. } = hospital.send(&world, &parcel).await else { panic!() };
    assert_eq!(code, RefusalCode::Deidentification);
    assert_eq!(world.registry.objects.names().await.unwrap().0, vec![]);
    assert_eq!(objects::totals(&world.registry.db).await.unwrap(), vec![]);
    hospital.keep(&world, &hospital.instance(&clean, 5)).await;
}

#[tokio::test]
async fn damaged_bytes_are_noticed() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let mut parcel = hospital.instance(&Sample::ct(&hospital.subject(1), 1, 1, 1), 1);
    parcel.bytes[300] ^= 1;
    let PartReply::Refuse { code, .. } = hospital.send(&world, &parcel).await else { panic!() };
    assert_eq!(code, RefusalCode::DigestMismatch);
    parcel.bytes[300] ^= 1;
    hospital.keep(&world, &parcel).await;
}

#[tokio::test]
async fn a_clinical_record_is_kept_and_read_into_its_rows() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let subject = hospital.subject(1);
    let record = ClinicalRecord {
        site: hospital.site.clone(),
        subject: subject.clone(),
        revision: 1,
        sex: Some(Sex::Female),
        age_years: Some(52),
        stay: None,
        observations: Vec::new(),
        exams: Vec::new(),
    };
    hospital.keep(&world, &hospital.clinical(&record, "rec-1", 1)).await;
    let row = subjects::find(&world.registry.db, &subject).await.unwrap().unwrap();
    assert_eq!((row.sex, row.age_years), (Some(Sex::Female), Some(52)));
    let stranger = ClinicalRecord { subject: hospital.subject(2), ..record.clone() };
    let plain = serde_json::to_vec(&stranger).unwrap();
    let foreign = hospital.parcel(&plain, ObjectKind::Clinical, "rec-2", &subject, 2);
    let PartReply::Refuse { code, .. } = hospital.send(&world, &foreign).await else { panic!() };
    assert_eq!(code, RefusalCode::IdentityMismatch);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_senders_of_one_object_make_one_object() {
    let world = Arc::new(World::new().await);
    let hospital = Arc::new(world.hospital("hosp-01").await);
    let parcel = Arc::new(hospital.instance(&Sample::ct(&hospital.subject(1), 1, 1, 1), 1));
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (world, hospital, parcel) = (Arc::clone(&world), Arc::clone(&hospital), Arc::clone(&parcel));
        senders.spawn(async move {
            while !matches!(hospital.send(&world, &parcel).await, PartReply::Done { .. }) {}
        });
    }
    tokio::time::timeout(Duration::from_secs(60), senders.join_all()).await.expect("all get a receipt");
    assert_eq!(world.registry.objects.names().await.unwrap().0.len(), 1);
    let lines = audit::page(&world.registry.db, 0, 100).await.unwrap();
    let commits = lines.iter().filter(|row| row.line.contains("object.commit")).count();
    assert_eq!(commits, 1, "and one line of the audit log");
}

#[tokio::test]
async fn nobody_uploads_without_a_sites_credential() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let json = [("content-type", "application/json")];
    let body = r#"{"manifests":[]}"#;
    let reader = world.person(Role::Reader, None).await;
    for (token, status) in [
        (None, StatusCode::UNAUTHORIZED),
        (Some("nonsense"), StatusCode::UNAUTHORIZED),
        (Some(reader.as_str()), StatusCode::FORBIDDEN),
        (Some(hospital.token.as_str()), StatusCode::OK),
    ] {
        let answer = world.request(Method::POST, protocol::OFFERS, token, &json, body).await;
        assert_eq!(answer.status, status);
        if status != StatusCode::OK {
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.json()["status"], status.as_u16());
            assert_eq!(answer.json()["request_id"], answer.header("x-request-id"));
        }
    }
}
