//! Misfiled studies and merged patients: the old objects go, the right ones take their place.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use sumgil_deid::PatientIdentity;
use sumgil_dicom::{
    Limits,
    dicom_core::{DataElement, PrimitiveValue, VR},
    dictionary::tags,
    read, write,
};
use sumgil_edge::{
    Edge,
    recall::{Moved, Named, Order, find, merge, move_study},
    statements::hurry,
};
use sumgil_registry::store::{cohort, objects::State, recalls};
use sumgil_transfer::statement::RecallReason;

use crate::centre::{Centre, Hospital, header};

fn order(reason: RecallReason) -> Order {
    Order { reason, note: "the PACS corrected it".into(), who: "tester".into(), named: "something".into() }
}

async fn told(edge: &Edge, moved: &Moved) {
    for id in &moved.recalls {
        let row = edge.db.recall(*id).await.unwrap().unwrap();
        hurry(edge, row.quarantine, Duration::from_secs(20)).await.unwrap();
    }
}

fn identity(path: &Path) -> PatientIdentity {
    let issuer = header(path, tags::ISSUER_OF_PATIENT_ID);
    let issuer = if issuer.is_empty() { "hanbit".to_owned() } else { issuer };
    PatientIdentity::new(&issuer, &header(path, tags::PATIENT_ID))
}

/// The file under another patient ID.
fn with_id(path: &Path, id: &str) -> PathBuf {
    let mut file = read(&fs::read(path).unwrap(), &Limits::default()).unwrap();
    file.data_set.put(DataElement::new(tags::PATIENT_ID, VR::LO, PrimitiveValue::from(id)));
    let changed = path.with_extension("other.dcm");
    fs::write(&changed, write(&file.data_set, &file.transfer_syntax).unwrap()).unwrap();
    changed
}

async fn sent(hospital: &Hospital, seed: u64) -> Vec<PathBuf> {
    let (_, paths) = hospital.patient(seed);
    assert!(hospital.import(&paths).await["sent"] >= 5);
    paths
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misfiled_study_goes_to_the_right_subject_and_the_old_one_is_erased() {
    let centre = Centre::open().await;
    let hospital = centre.hospital("hanbit").await;
    let paths = sent(&hospital, 51).await;
    let edge = hospital.edge().await;
    let before = centre.subjects().await;
    let study = header(&paths[0], tags::STUDY_INSTANCE_UID);
    let of_study: Vec<PathBuf> =
        paths.iter().filter(|p| header(p, tags::STUDY_INSTANCE_UID) == study).cloned().collect();
    let Named::Study(meant, targets) = find(&edge, &study).await.unwrap() else { panic!() };
    let into = PatientIdentity::new("hanbit", "00999001");
    let right = edge.secrets.pseudonym.subject(&into);
    let moved = move_study(&edge, meant, &targets, &into, &order(RecallReason::WrongPatient)).await.unwrap();
    let count = moved.instances as usize;
    assert!(count >= 2 && moved.records == 0, "{moved:?}");
    told(&edge, &moved).await;
    assert_eq!(centre.subjects().await.get(&right), None, "the originals have to come again");

    let again = hospital.import(&of_study).await;
    assert_eq!(again["sent"], count, "{again:?}");
    hospital.settle().await;
    let after = centre.subjects().await;
    assert_eq!(after.get(&right), Some(&count));
    let left: usize = after.iter().filter(|(subject, _)| **subject != right).map(|(_, n)| n).sum();
    assert_eq!(left + count, before.values().sum::<usize>());
    assert_eq!(centre.objects(State::Erased).await.len(), count, "the old ones are erased, unasked");
    let site = sumgil_model::SiteId::parse("hanbit").unwrap();
    for old in centre.objects(State::Erased).await {
        let tombstone = recalls::tombstone(&centre.registry.db, &site, &old.digest).await.unwrap().unwrap();
        assert!(tombstone.superseded_by.is_some());
    }
    centre.sound().await;
    let row = edge.db.recall(moved.recalls[0]).await.unwrap().unwrap();
    assert_eq!((row.moved, row.objects), (count as u64, count as u64));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_patient_ids_of_one_person_become_one_subject() {
    let centre = Centre::open().await;
    let hospital = centre.hospital("hanbit").await;
    let kept = sent(&hospital, 52).await;
    let old: Vec<PathBuf> = hospital.patient(53).1.iter().map(|path| with_id(path, "00999002")).collect();
    assert!(hospital.import(&old).await["sent"] >= 5);
    let edge = hospital.edge().await;
    let total = centre.objects(State::Stored).await.len();
    let (from, into) = (identity(&old[0]), identity(&kept[0]));
    let order = order(RecallReason::PatientsMerged);
    let moved = merge(&edge, &from, &into, &order).await.unwrap();
    told(&edge, &moved).await;
    assert_eq!(centre.subjects().await.len(), 1, "the first subject is out of use");
    let counted = cohort::subjects(&centre.registry.db, &centre.registry.config.protocol).await.unwrap();
    assert_eq!(counted.len(), 1, "and counts no more");
    assert!(merge(&edge, &into, &from, &order).await.is_err(), "not in a circle");

    hospital.import(&old).await;
    hospital.settle().await;
    let right = edge.secrets.pseudonym.subject(&into);
    assert_eq!(centre.subjects().await.into_iter().collect::<Vec<_>>(), [(right, total)]);
    assert_eq!(centre.objects(State::Erased).await.len(), moved.instances as usize);
    centre.sound().await;
    let content = edge.db.accesses().await.unwrap();
    assert!(content.iter().any(|line| line.what == "subject alias" && line.who == "tester"));
    assert_eq!(edge.db.alarms().await.unwrap(), []);
}
