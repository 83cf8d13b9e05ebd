//! What a data manager types, through the program itself, against the real registry.

use std::{path::PathBuf, process::Command};

use sumgil_dicom::dictionary::tags;
use sumgil_registry::store::objects::State;

use crate::centre::{Centre, Hospital, header};

/// Runs the program in the hospital's directory: exit code, what it printed and what it complained about.
async fn edge(hospital: &Hospital, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sumgil-edge"));
    command.arg("--dir").arg(hospital.home().root()).args(args);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

async fn done(hospital: &Hospital, args: &[&str]) -> String {
    let (code, out, err) = edge(hospital, args).await;
    assert_eq!(code, 0, "{args:?}: {out}{err}");
    out
}

async fn sent(hospital: &Hospital, seed: u64) -> Vec<PathBuf> {
    let (_, paths) = hospital.patient(seed);
    assert!(hospital.import(&paths).await["sent"] >= 5);
    paths
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_from_the_keyboard_to_the_certificate() {
    let centre = Centre::open().await;
    let hospital = centre.hospital("hanbit").await;
    let paths = sent(&hospital, 81).await;
    let study = header(&paths[0], tags::STUDY_INSTANCE_UID);
    let (code, _, complaint) = edge(&hospital, &["recall", "1.2.3", "--reason", "other"]).await;
    assert!(code != 0 && complaint.contains("--anyway"), "{complaint}");
    let (code, _, complaint) = edge(&hospital, &["recall", &study, "--reason", "whim"]).await;
    assert!(code != 0 && complaint.contains("consent-withdrawn"), "{complaint}");
    let (code, _, complaint) = edge(&hospital, &["recall", &study]).await;
    assert!(code != 0 && complaint.contains("--reason"), "{complaint}");

    let told = done(&hospital, &["recall", &study, "--reason", "quality", "--note", "blurred"]).await;
    assert!(told.contains("out of use at the centre"), "{told}");
    assert!(done(&hospital, &["recall", "list"]).await.contains("out of use, to confirm"));
    let (code, _, complaint) = edge(&hospital, &["recall", "confirm", "99"]).await;
    assert!(code != 0 && complaint.contains("no recall 99"), "{complaint}");
    let told = done(&hospital, &["recall", "confirm", "1"]).await;
    assert!(told.contains("erased at the centre") && told.contains("certified"), "{told}");
    let list: serde_json::Value =
        serde_json::from_str(&done(&hospital, &["recall", "list", "--json"]).await).unwrap();
    assert_eq!((&list[0]["state"], &list[0]["reason"]), (&"erased, certified".into(), &"quality".into()));
    let shown = done(&hospital, &["recall", "show", "1"]).await;
    assert!(shown.contains("has been verified"), "{shown}");
    for erased in centre.objects(State::Erased).await {
        assert!(shown.contains(erased.digest.as_str()));
    }
    let log = done(&hospital, &["subject", "log"]).await;
    assert!(log.contains("recall confirm") && log.contains(&study), "who, when and what: {log}");
    let status = done(&hospital, &["status"]).await;
    assert!(status.contains("taken back by a person") && status.contains("no approval is entered"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_a_move_an_approval_and_a_self_test_from_the_keyboard() {
    let centre = Centre::open().await;
    let hospital = centre.hospital("hanbit").await;
    let paths = sent(&hospital, 82).await;
    let id = header(&paths[0], tags::PATIENT_ID);
    let accession = header(&paths[0], tags::ACCESSION_NUMBER);
    let told =
        done(&hospital, &["subject", "move", &accession, "--to", "00999003", "--reason", "misfiled"]).await;
    assert!(told.contains("out of use at the centre") && told.contains("send them again"), "{told}");
    let told = done(&hospital, &["subject", "merge", &id, "00999004", "--reason", "one person"]).await;
    assert!(told.contains("the second one's"), "{told}");
    assert!(centre.objects(State::Stored).await.is_empty(), "both are out of use");
    let found = done(&hospital, &["subject", "find", "--patient-id", &id]).await;
    assert!(found.contains("merged into 00999004"), "{found}");
    let again = ["subject", "merge", "00999004", &id, "--reason", "back"];
    assert_ne!(edge(&hospital, &again).await.0, 0, "not in a circle");

    let set = |until: &'static str| {
        let from = ["approval", "set", "--irb-number", "2020-03-011", "--valid-from", "2020-03-01"];
        [from.as_slice(), &["--valid-until", until, "--legal-basis", "waiver"]].concat()
    };
    assert!(done(&hospital, &set("2021-03-01")).await.contains("NOTHING IS SENT"));
    assert!(done(&hospital, &["status"]).await.contains("STOPPED"));
    assert!(done(&hospital, &set("2999-03-01")).await.contains("valid"));
    assert_ne!(edge(&hospital, &set("2019-03-01")).await.0, 0, "it would end before it begins");
    assert!(done(&hospital, &["self-test"]).await.contains("passed"));
    assert_ne!(edge(&hospital, &["self-test", "--overrule", "--reason", "x"]).await.0, 0, "nothing failed");
    let status: serde_json::Value =
        serde_json::from_str(&done(&hospital, &["status", "--json"]).await).unwrap();
    assert_eq!(status["self_test"]["hidden"], status["self_test"]["planted"]);
    assert_eq!(status["approval"]["state"], "valid");
    assert_eq!(status["sending_stopped"], serde_json::Value::Null);
    assert!(done(&hospital, &["config", "check"]).await.contains("every_hours = 24"));
}
