//! Stories of what a site states: a recall from its first word to its certificate, and what is refused.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod world;

use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use jiff::Timestamp;
use sumgil_custody::SigningKey;
use sumgil_model::Uid;
use sumgil_registry::{
    Role,
    check::check,
    store::{audit, objects, releases},
};
use sumgil_transfer::{
    OfferAnswer, PartReply, RefusalCode,
    statement::{
        Content, Erase, Move, MovedObject, Outcome, Recall, RecallReason, RecallTarget, StatementRefusal,
    },
};
use world::{Hospital, Parcel, Sample, World};

fn recall_of(sample: &Sample, parcels: &[&Parcel]) -> Content {
    Content::Recall(Recall {
        reason: RecallReason::ConsentWithdrawn,
        note: String::new(),
        targets: vec![RecallTarget::Study(Uid::parse(&sample.study).unwrap())],
        objects: parcels.iter().map(|parcel| parcel.manifest.body.digest.clone()).collect(),
    })
}

async fn findings(world: &World) -> usize {
    check(&world.registry, |_, _| {}).await.unwrap().findings.len()
}

async fn refusal(world: &World, hospital: &Hospital, parcel: &Parcel) -> RefusalCode {
    match hospital.offer(world, parcel).await {
        OfferAnswer::Refuse { code, .. } => code,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_recall_is_quarantined_erased_and_certified() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let reader = world.person(Role::Reader, None).await;
    let samples = [1, 2].map(|number| Sample::ct(&hospital.subject(1), 1, 1, number));
    let parcels = [1, 2].map(|n: usize| hospital.instance(&samples[n - 1], n as u64));
    for parcel in &parcels {
        hospital.keep(&world, parcel).await;
    }
    let late = hospital.instance(&Sample::ct(&hospital.subject(1), 1, 1, 3), 3);
    let study = format!("/dicom-web/studies/{}", samples[0].study);
    assert_eq!(world.get(&study, &reader).await.status, StatusCode::OK);
    let released = parcels[0].manifest.body.digest.clone();
    world
        .registry
        .db
        .write(move |tx| Box::pin(async move { releases::add(tx, 2, &[released], Timestamp::now()).await }))
        .await
        .unwrap();

    let content = recall_of(&samples[0], &[&parcels[0], &parcels[1], &late]);
    let first = hospital.state(&world, 10, content.clone()).await;
    let Outcome::Quarantined { objects, absent } = &first.result else { panic!("{first:?}") };
    assert_eq!((objects.len(), *absent), (2, 1));
    assert_eq!(world.get(&study, &reader).await.status, StatusCode::NOT_FOUND, "not served from now on");
    let search = world.get("/dicom-web/studies", &reader).await;
    assert!(search.body.is_empty() || search.json().as_array().is_some_and(Vec::is_empty), "nor found");
    assert_eq!(refusal(&world, &hospital, &parcels[0]).await, RefusalCode::Recalled);
    assert_eq!(refusal(&world, &hospital, &late).await, RefusalCode::Recalled, "nor what had not come yet");
    assert_eq!(hospital.state(&world, 10, content).await, first, "the same again is answered the same");
    assert_eq!(findings(&world).await, 0);

    let erased = hospital.state(&world, 11, Content::Erase(Erase { recall: 10 })).await;
    let Outcome::Erased { recall: 10, objects, absent: 1 } = &erased.result else { panic!("{erased:?}") };
    let released: Vec<_> = objects.iter().map(|object| object.recalled_after_release.clone()).collect();
    assert!(released.contains(&vec![2]) && released.contains(&vec![]), "{released:?}");
    assert_eq!(world.registry.objects.names().await.unwrap(), (vec![], 0), "no file is left");
    let row = objects::find(&world.registry.db, &objects[0].digest).await.unwrap().unwrap();
    assert!(row.wrapped_key.is_empty(), "no key is left");
    assert_eq!(refusal(&world, &hospital, &parcels[1]).await, RefusalCode::Recalled);
    let report = check(&world.registry, |_, _| {}).await.unwrap();
    assert_eq!((report.findings.len(), report.erased, report.objects), (0, 2, 0));
    let log = audit::page(&world.registry.db, 0, 1000).await.unwrap();
    let told = |action: &str| log.iter().filter(|row| row.line.contains(action)).count();
    assert_eq!((told("recall.quarantine"), told("recall.erase")), (1, 1));
}

#[tokio::test]
async fn an_erasure_that_was_cut_short_goes_on_when_the_site_asks_again() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let sample = Sample::ct(&hospital.subject(1), 1, 1, 1);
    let parcel = hospital.instance(&sample, 1);
    hospital.keep(&world, &parcel).await;
    hospital.state(&world, 10, recall_of(&sample, &[])).await;
    let first = hospital.state(&world, 11, Content::Erase(Erase { recall: 10 })).await;
    // As a crash between the commit of the keys and the deletion of the file leaves it.
    let digest = parcel.manifest.body.digest.clone();
    world.registry.objects.put(&digest, Bytes::from(parcel.bytes.clone())).await.unwrap();
    let url = format!("sqlite:{}", world.dir().root().join("registry.db").display());
    unanswer(&url).await;
    assert_eq!(findings(&world).await, 1, "check tells of the file");
    let world = world.restarted().await;
    let again = hospital.state(&world, 11, Content::Erase(Erase { recall: 10 })).await;
    assert_eq!((&again.result, again.audit_index), (&first.result, first.audit_index));
    assert_eq!(findings(&world).await, 0);
}

async fn unanswer(url: &str) {
    use sqlx::Connection as _;
    let mut connection = sqlx::SqliteConnection::connect(url).await.unwrap();
    let sql = "UPDATE statement SET answer = NULL WHERE number = 11; \
        UPDATE recalled_object SET file_gone_at = NULL";
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_misfiled_instance_moves_to_the_subject_that_it_is_of() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let (from, into) = (hospital.subject(1), hospital.subject(2));
    let wrong = Sample::ct(&from, 1, 1, 1);
    let right = Sample { subject: into.clone(), ..wrong.clone() };
    let (old, new) = (hospital.instance(&wrong, 1), hospital.instance(&right, 2));
    hospital.keep(&world, &old).await;
    let reply = hospital.send(&world, &new).await;
    assert!(matches!(reply, PartReply::Refuse { code: RefusalCode::IdentityMismatch, .. }), "{reply:?}");
    hospital.state(&world, 10, recall_of(&wrong, &[&old])).await;
    let receipt = hospital.keep(&world, &new).await;
    assert!(!receipt.receipt.quarantined);
    let pair = MovedObject { old: old.manifest.body.digest.clone(), new: new.manifest.body.digest.clone() };
    let moved = Move { recall: 10, from, into, objects: vec![pair.clone()] };
    let answer = hospital.state(&world, 11, Content::Move(moved.clone())).await;
    let Outcome::Erased { objects, .. } = &answer.result else { panic!("{answer:?}") };
    assert_eq!(objects[0].superseded_by.as_ref(), Some(&pair.new));
    assert_eq!(world.registry.objects.names().await.unwrap().0, vec![pair.new.clone()]);
    assert_eq!(findings(&world).await, 0);
    let backwards = MovedObject { old: pair.new, new: pair.old };
    let refused = hospital.state(&world, 12, Content::Move(Move { objects: vec![backwards], ..moved })).await;
    assert_eq!(refused.result, Outcome::Refused { code: StatementRefusal::NotMoved });
}

#[tokio::test]
async fn what_is_not_in_order_has_no_effect() {
    let world = World::new().await;
    let (hospital, other) = (world.hospital("hosp-01").await, world.hospital("hosp-02").await);
    let sample = Sample::ct(&hospital.subject(1), 1, 1, 1);
    hospital.keep(&world, &hospital.instance(&sample, 1)).await;
    let good = recall_of(&sample, &[]);
    let mut altered = hospital.statement(10, good.clone());
    altered.body.number = 11;
    let stranger = {
        use sumgil_custody::Secret as _;
        SigningKey::generate(&mut rand::rng())
    };
    let forged = hospital.statement(10, good.clone()).body.sign(&stranger).unwrap();
    let foreign = other.statement(10, good.clone());
    for statement in [&altered, &forged, &foreign] {
        let answer = hospital.post_statement(&world, statement).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.json()["code"], "bad-statement");
    }
    let taken_back = other.state(&world, 1, good.clone()).await;
    assert!(taken_back.result.objects().is_empty(), "another site's study is out of reach");
    let unknown = hospital.state(&world, 12, Content::Erase(Erase { recall: 10 })).await;
    assert_eq!(unknown.result, Outcome::Refused { code: StatementRefusal::UnknownRecall });
    let taken = hospital.state(&world, 12, good).await;
    assert_eq!(taken.result, Outcome::Refused { code: StatementRefusal::NumberTaken });
    assert_eq!(world.registry.objects.names().await.unwrap().0.len(), 1);
    assert_eq!(findings(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_upload_under_way_cannot_outrun_a_recall() {
    let world = Arc::new(World::new().await);
    let hospital = world.hospital("hosp-01").await;
    let sample = Sample::ct(&hospital.subject(1), 1, 1, 1);
    let parcel = hospital.instance(&sample, 1);
    assert!(matches!(hospital.offer(&world, &parcel).await, OfferAnswer::Send { offset: 0 }));
    hospital.part(&world, &parcel, 0, 100).await;
    hospital.state(&world, 10, recall_of(&sample, &[&parcel])).await;
    let reply = hospital.part(&world, &parcel, 100, parcel.bytes.len()).await;
    assert!(!matches!(reply, PartReply::Done { .. }), "{reply:?}");
    assert_eq!(refusal(&world, &hospital, &parcel).await, RefusalCode::Recalled);
    assert_eq!(world.registry.objects.names().await.unwrap().0, vec![]);
    assert_eq!(std::fs::read_dir(world.dir().incoming()).unwrap().count(), 0, "and its part is thrown away");
}
