//! Something that was sent is taken back: from the hospital's own number for it to the centre's signed certificate.

use std::{path::PathBuf, time::Duration};

use sumgil_dicom::dictionary::tags;
use sumgil_edge::{
    Edge,
    recall::{Named, Order, find, take_back, take_back_unknown},
    spool::{KeptFilter, Purpose, StatementState},
    statements::{answer_of, hurry},
};
use sumgil_registry::store::{objects::State, recalls, releases};
use sumgil_transfer::statement::{Outcome, RecallReason};

use crate::{
    centre::{Centre, Hospital, header},
    site::{files_in, import_within},
};

const PATIENCE: Duration = Duration::from_secs(20);

fn order() -> Order {
    Order {
        reason: RecallReason::ConsentWithdrawn,
        note: "form received".into(),
        who: "tester".into(),
        named: "a study".into(),
    }
}

/// Takes back what `text` names; the recall, and how many sealed objects it met.
async fn recall(edge: &Edge, text: &str) -> (i64, usize) {
    let (Named::Study(meant, targets) | Named::Single(meant, targets)) = find(edge, text).await.unwrap()
    else {
        panic!("{text} is not found")
    };
    let ids = take_back(edge, &meant, &targets, &Purpose::TakeBack, &order()).await.unwrap();
    assert_eq!(ids.len(), 1);
    (ids[0], meant.objects.len())
}

async fn outcome(edge: &Edge, statement: i64) -> Outcome {
    let row = hurry(edge, statement, PATIENCE).await.unwrap();
    assert_eq!(row.state, StatementState::Answered, "{:?}", row.code);
    answer_of(edge, &row).unwrap().unwrap().result
}

/// The files of the CT study.
fn ct(paths: &[PathBuf]) -> Vec<PathBuf> {
    let wanted = paths.iter().find(|path| header(path, tags::MODALITY) == "CT").unwrap();
    let study = header(wanted, tags::STUDY_INSTANCE_UID);
    paths.iter().filter(|path| header(path, tags::STUDY_INSTANCE_UID) == study).cloned().collect()
}

async fn sent(hospital: &Hospital, seed: u64) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let (_, paths) = hospital.patient(seed);
    assert!(hospital.import(&paths).await["sent"] >= 5);
    let study = ct(&paths);
    (paths, study)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_study_is_recalled_by_its_original_uid_erased_and_certified() {
    let centre = Centre::open().await;
    let hospital = centre.hospital("hanbit").await;
    let (_, study) = sent(&hospital, 41).await;
    let stored = centre.objects(State::Stored).await.len();
    let edge = hospital.edge().await;
    let (id, met) = recall(&edge, &header(&study[0], tags::STUDY_INSTANCE_UID)).await;
    assert!(met >= 3, "localiser and slices");

    let row = edge.db.recall(id).await.unwrap().unwrap();
    let Outcome::Quarantined { objects, absent: 0 } = outcome(&edge, row.quarantine).await else { panic!() };
    assert_eq!(objects.len(), met);
    assert_eq!(centre.objects(State::Stored).await.len(), stored - met, "out of use at once");
    let released = vec![objects[0].digest.clone()];
    let now = jiff::Timestamp::now();
    let write = centre
        .registry
        .db
        .write(move |tx| Box::pin(async move { releases::add(tx, 4, &released, now).await }));
    write.await.unwrap();

    let erase = edge.db.confirm_recall(id, "tester").await.unwrap().unwrap();
    assert_eq!(edge.db.confirm_recall(id, "tester").await.unwrap(), Some(erase), "confirmed once");
    let Outcome::Erased { objects, .. } = outcome(&edge, erase).await else { panic!() };
    assert_eq!(objects.len(), met);
    assert_eq!(objects.iter().filter(|o| o.recalled_after_release == [4]).count(), 1);
    let report = centre.sound().await;
    assert_eq!((report.erased, report.objects), (met as u64, (stored - met) as u64));
    let listed = &recalls::list(&centre.registry.db).await.unwrap()[0];
    assert_eq!((listed.note.as_str(), listed.who.as_str()), ("form received", "site:hanbit"));
    let log = edge.db.accesses().await.unwrap();
    for what in ["recall", "recall confirm"] {
        assert!(log.iter().any(|line| line.what == what && line.who == "tester"), "{what}");
    }
    assert_eq!(edge.db.counts().await.unwrap().recalled, met as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_study_is_found_by_accession_number_and_by_the_centres_uid_and_an_instance_by_its_own() {
    let centre = Centre::open().await;
    let hospital = centre.hospital("hanbit").await;
    let (_, study) = sent(&hospital, 42).await;
    let edge = hospital.edge().await;
    let uid = header(&study[0], tags::STUDY_INSTANCE_UID);
    let new: sumgil_model::Uid<sumgil_model::Study> = edge.secrets.pseudonym.uid(&uid);
    let Named::Study(wanted, targets) = find(&edge, &uid).await.unwrap() else { panic!() };
    for name in [header(&study[0], tags::ACCESSION_NUMBER), new.to_string()] {
        let Named::Study(meant, same) = find(&edge, &name).await.unwrap() else { panic!("{name}") };
        assert_eq!(
            (meant.objects, meant.keys, same),
            (wanted.objects.clone(), wanted.keys.clone(), targets.clone())
        );
    }
    let sop = header(&study[1], tags::SOP_INSTANCE_UID);
    let Named::Single(one, _) = find(&edge, &sop).await.unwrap() else { panic!() };
    assert_eq!(one.objects.len(), 1);
    let Named::Single(again, _) = find(&edge, &one.objects[0].uid).await.unwrap() else { panic!() };
    assert_eq!(again, one);
    assert!(matches!(find(&edge, "1.2.3.4").await.unwrap(), Named::Nothing));
    let named = Order { note: header(&study[0], tags::PATIENT_ID), ..order() };
    let refused = take_back(&edge, &one, &[], &Purpose::TakeBack, &named).await;
    assert!(refused.is_err(), "a note that names the patient goes nowhere");
    assert!(edge.db.recalls().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_sent_yet_is_dropped_and_the_centre_is_told_when_it_is_back() {
    let mut centre = Centre::open().await;
    let hospital = centre.hospital("hanbit").await;
    let (_, paths) = hospital.patient(43);
    centre.go_away().await;
    let edge = hospital.edge().await;
    let waiting = import_within(&edge, &paths, Duration::from_secs(3)).await["to_be_sent"];
    let study = ct(&paths);
    let (id, met) = recall(&edge, &header(&study[0], tags::STUDY_INSTANCE_UID)).await;
    let row = edge.db.recall(id).await.unwrap().unwrap();
    assert_eq!((row.sent, row.objects), (0, met as u64));
    let statement = hurry(&edge, row.quarantine, PATIENCE).await.unwrap();
    assert_eq!(statement.state, StatementState::Waiting, "the centre is away, nothing is lost");
    centre.come_back().await;
    hospital.settle().await;
    assert_eq!(centre.objects(State::Stored).await.len(), waiting - met, "the rest arrived");
    let Outcome::Quarantined { objects, absent } = outcome(&edge, row.quarantine).await else { panic!() };
    assert_eq!((objects.len(), absent), (0, met as u64));
    assert_eq!(files_in(&hospital.home().spool()), 0, "and nothing of it rests here");
    centre.sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_again_after_a_recall_waits_for_a_person() {
    let centre = Centre::open().await;
    let hospital = centre.hospital("hanbit").await;
    let (_, study) = sent(&hospital, 44).await;
    let edge = hospital.edge().await;
    let (id, met) = recall(&edge, &header(&study[0], tags::STUDY_INSTANCE_UID)).await;
    let row = edge.db.recall(id).await.unwrap().unwrap();
    outcome(&edge, row.quarantine).await;
    let stored = centre.objects(State::Stored).await.len();

    let again = hospital.import(&study).await;
    assert_eq!(again.get("sent"), None, "{again:?}");
    let filter = KeptFilter { reason: Some("taken-back".into()), ..KeptFilter::default() };
    let kept = edge.db.kept(&filter).await.unwrap();
    assert_eq!(kept.len(), met, "the policy keeps the dose report as before");
    let ids: Vec<i64> = kept.iter().map(|one| one.id).collect();
    edge.db.release(&ids, "tester").await.unwrap();
    hospital.settle().await;
    assert_eq!(centre.objects(State::Stored).await.len(), stored + met, "released: sent anew");
    assert_eq!(centre.sound().await.recalled, met as u64, "the old ones stay out of use");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_new_set_up_from_the_keys_a_uid_alone_is_enough() {
    let centre = Centre::open().await;
    let hospital = centre.hospital("hanbit").await;
    let (_, study) = sent(&hospital, 45).await;
    for name in ["edge.db", "edge.db-wal", "edge.db-shm"] {
        let _ = std::fs::remove_file(hospital.home().root().join(name));
    }
    let edge = hospital.edge().await;
    let uid = header(&study[0], tags::STUDY_INSTANCE_UID);
    assert!(matches!(find(&edge, &uid).await.unwrap(), Named::Nothing));
    let ids = take_back_unknown(&edge, &uid, &order()).await.unwrap();
    let row = edge.db.recall(ids[0]).await.unwrap().unwrap();
    let Outcome::Quarantined { objects, .. } = outcome(&edge, row.quarantine).await else { panic!() };
    assert!(objects.len() >= 3);
}
