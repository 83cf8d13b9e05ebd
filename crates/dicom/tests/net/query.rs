//! Our C-FIND and C-MOVE against dcmqrscp, which sends the moved study to our own receiving side.

use std::{path::Path, time::Duration};

use sumgil_dicom::net::{
    NetError, ScpConfig,
    scu::{Peer, StudyKey, echo, find, move_, store},
};
use sumgil_model::Uid;
use tokio::process::{Child, Command};

use crate::support::{Scp, files, installed};

/// A PACS of dcmtk, which ends with the test.
struct Pacs {
    peer: Peer,
    _process: Child,
}

impl Pacs {
    async fn start(folder: &Path, destination_port: u16) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let archive = folder.join("archive");
        std::fs::create_dir(&archive).unwrap();
        let config = folder.join("dcmqrscp.cfg");
        let text = format!(
            "NetworkTCPPort = {port}\nMaxPDUSize = 16384\nMaxAssociations = 16\n\
             HostTable BEGIN\nedge = (SUMGIL, localhost, {destination_port})\nHostTable END\n\
             VendorTable BEGIN\nVendorTable END\n\
             AETable BEGIN\nPACS {} RW (200, 1024mb) ANY\nAETable END\n",
            archive.display()
        );
        std::fs::write(&config, text).unwrap();
        let mut process = Command::new("dcmqrscp");
        process.arg("-c").arg(&config).stderr(std::process::Stdio::null()).kill_on_drop(true);
        let process = process.spawn().unwrap();
        let peer = Peer::new(format!("127.0.0.1:{port}"), "PACS", "SUMGIL");
        for _ in 0..100 {
            if echo(&peer).await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Self { peer, _process: process }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_study_is_found_by_its_keys_and_moved_here() {
    if !installed("dcmqrscp").await {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let scp = Scp::start(ScpConfig::default()).await;
    let pacs = Pacs::start(folder.path(), scp.address.port()).await;
    let report = store(&pacs.peer, files(6, 30_000), |_, _| {}).await;
    assert_eq!(report.stored(), 6, "{:?}", report.error);

    let by_accession = find(&pacs.peer, &StudyKey::AccessionNumber("A100".to_owned())).await.unwrap();
    assert_eq!(by_accession.len(), 1);
    assert_eq!(by_accession[0].study.as_str(), "1.2.826.0.1.3680043.10.1234.9001");
    assert_eq!(by_accession[0].patient_id.as_deref(), Some("P100"));
    assert_eq!(by_accession[0].study_date.as_deref(), Some("20200301"));
    let by_patient = find(&pacs.peer, &StudyKey::PatientId("P100".to_owned())).await.unwrap();
    assert!(by_patient == by_accession);
    assert!(find(&pacs.peer, &StudyKey::PatientId("P10".to_owned())).await.unwrap().is_empty());
    assert!(matches!(find(&pacs.peer, &StudyKey::PatientId("P*".to_owned())).await, Err(NetError::Key(_))));

    let mut reports = 0;
    let moved = move_(&pacs.peer, &by_accession[0].study, "SUMGIL", |_| reports += 1).await.unwrap();
    assert_eq!((moved.completed, moved.failed), (6, 0));
    assert!(reports > 0);
    assert_eq!(scp.inbox.len(), 6);
    assert!(scp.inbox.items.lock().unwrap().iter().all(|item| item.calling_ae == "PACS"));

    let unknown = move_(&pacs.peer, &by_accession[0].study, "NOBODY", |_| {}).await.unwrap_err();
    assert!(matches!(unknown, NetError::Failed(0xA801)), "{unknown}");
    let absent = move_(&pacs.peer, &Uid::parse("1.2.3.4").unwrap(), "SUMGIL", |_| {}).await.unwrap();
    assert_eq!((absent.completed, absent.failed), (0, 0));
    scp.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_never_answers_costs_only_the_time_out() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut peer = Peer::new(listener.local_addr().unwrap().to_string(), "PACS", "SUMGIL");
    peer.connect_timeout = Duration::from_millis(200);
    let error = find(&peer, &StudyKey::PatientId("P100".to_owned())).await.err().unwrap();
    assert!(matches!(error, NetError::TimedOut), "{error}");
}
