//! Recalls, aliases and statements against the rest of the spool: what is under way meanwhile is not forgotten.

use std::sync::Arc;

use sumgil_custody::{LocalKey, Secret};
use sumgil_transfer::statement::{Content, Erase, Recall, RecallReason};

use super::{
    Alias, Arrival, Db, Fate, Location, NewObject, NewRecall, Purpose, Settled, Settlement, State, now_us,
};

async fn opened() -> (tempfile::TempDir, Db) {
    let dir = tempfile::tempdir().unwrap();
    let key = Arc::new(LocalKey::from_bytes([1; 32]));
    let db = Db::open(&dir.path().join("edge.db"), key).await.unwrap();
    (dir, db)
}

fn place() -> Location {
    Location { segment: "s".into(), offset: 0, length: 9 }
}

async fn arrive(db: &Db) -> i64 {
    let arrival = Arrival {
        sop_key: db.look_up("sop instance", &["1.2.3"]),
        content_key: db.look_up("content", &["a"]),
        pixel_key: db.look_up("pixels", &["a"]),
        study_key: db.look_up("study", &["1.2"]),
        patient_key: db.look_up("patient", &["hanbit", "7"]),
        modality: "CT".into(),
        device: "Hanul CT-1".into(),
        received_at: now_us(),
        location: place(),
    };
    db.record_arrivals(&[arrival]).await.unwrap()[0].id
}

fn sealed(db: &Db, instance: i64, patient: &str) -> Settled {
    let object = NewObject {
        digest: format!("{:064}", 1),
        kind: "instance",
        uid: "2.25.1".into(),
        subject: "sub-00000000000000000001".into(),
        study: "2.25.2".into(),
        cleared_key: "c".into(),
        patient_key: db.look_up("patient", &["hanbit", patient]),
        manifest: "{}".into(),
        location: place(),
        headers: Vec::new(),
        evidence: String::new(),
    };
    Settled { instance, to: Settlement::Sealed(object) }
}

fn recall(unsealed: Vec<i64>, sequences: Vec<i64>) -> NewRecall {
    NewRecall {
        purpose: Purpose::TakeBack,
        who: "tester".into(),
        named: "1.2".into(),
        recall: Recall {
            reason: RecallReason::Other,
            note: String::new(),
            targets: Vec::new(),
            objects: Vec::new(),
        },
        sequences,
        unsealed,
        bars: Vec::new(),
    }
}

#[tokio::test]
async fn what_is_taken_back_while_it_is_being_sealed_is_not_spooled() {
    let (_dir, db) = opened().await;
    let id = arrive(&db).await;
    let (_, freed) = db.take_back(recall(vec![id], Vec::new())).await.unwrap();
    assert_eq!(freed, ["s"]);
    db.settle(&[sealed(&db, id, "7")]).await.unwrap();
    let counts = db.counts().await.unwrap();
    assert_eq!((counts.spooled, counts.held), (0, 0));
}

#[tokio::test]
async fn what_becomes_another_patients_while_it_is_being_sealed_is_sealed_again() {
    let (_dir, db) = opened().await;
    let id = arrive(&db).await;
    let alias = |patient: &str| Alias {
        patient_key: db.look_up("patient", &["hanbit", patient]),
        identity: ("hanbit".into(), patient.into()),
    };
    let key = |purpose, parts: &[&str]| db.look_up(purpose, parts);
    db.save_alias(&key("patient", &["hanbit", "7"]), &alias("8"), "tester").await.unwrap();
    db.settle(&[sealed(&db, id, "7")]).await.unwrap();
    assert_eq!(db.counts().await.unwrap().held, 1, "still to be done, for the right patient");
    db.save_alias(&key("study", &["1.2"]), &alias("9"), "tester").await.unwrap();
    db.settle(&[sealed(&db, id, "8")]).await.unwrap();
    assert_eq!(db.counts().await.unwrap().held, 1, "the study's own patient comes first");
    db.save_alias(&key("patient", &["hanbit", "9"]), &alias("10"), "tester").await.unwrap();
    let real =
        db.real_patient(&key("patient", &["hanbit", "7"]), Some(&key("study", &["1.2"]))).await.unwrap();
    assert_eq!(real.unwrap().identity.1, "10", "chains are followed to their end");
    db.settle(&[sealed(&db, id, "10")]).await.unwrap();
    assert_eq!(db.counts().await.unwrap().spooled, 1);
}

#[tokio::test]
async fn what_is_received_again_after_a_recall_is_held_again() {
    let (_dir, db) = opened().await;
    let id = arrive(&db).await;
    db.settle(&[sealed(&db, id, "7")]).await.unwrap();
    db.raise("sent-then-found", Some(1), "identifier-in-text").await.unwrap();
    let (recall, _) = db.take_back(recall(Vec::new(), vec![1])).await.unwrap();
    assert_eq!(db.alarms().await.unwrap(), [], "the alarm is answered");
    assert!(db.pending_objects(0, 9).await.unwrap().is_empty());
    assert_eq!(db.recalled_among([format!("{:064}", 1).as_str()].into_iter()).await.unwrap().len(), 1);
    assert_eq!(arrive(&db).await, id);
    let held = db.held_instances(&db.look_up("study", &["1.2"])).await.unwrap();
    assert_eq!(held.len(), 1);
    let row = db.recall(recall).await.unwrap().unwrap();
    assert_eq!((row.objects, row.sent, row.erase), (1, 0, None));
    assert_eq!(db.fates(&[id]).await.unwrap()[&id], Fate::Held);
    assert_eq!(State::stored("recalled"), State::Recalled);
}

#[tokio::test]
async fn statements_are_numbered_upwards_sent_in_order_and_rest_encrypted() {
    let (dir, db) = opened().await;
    let note = "a note that rests encrypted".to_owned();
    let content = Content::Recall(Recall { note: note.clone(), ..recall(Vec::new(), Vec::new()).recall });
    let first = db.state(&content).await.unwrap();
    let second = db.state(&Content::Erase(Erase { recall: first as u64 })).await.unwrap();
    assert!(second > first);
    assert_eq!(db.waiting_statement().await.unwrap().unwrap().content, content);
    db.close_statement(first, None, Some("bad-statement")).await.unwrap();
    assert_eq!(db.waiting_statement().await.unwrap().unwrap().number, second, "it stops nothing after it");
    assert_eq!(db.statements_waiting().await.unwrap(), 1);
    for name in ["edge.db", "edge.db-wal"] {
        let bytes = std::fs::read(dir.path().join(name)).unwrap_or_default();
        assert!(!bytes.windows(note.len()).any(|window| window == note.as_bytes()));
    }
}
