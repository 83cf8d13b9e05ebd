//! The program killed at random moments: nothing acknowledged is lost, nothing is doubled.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use rand::{Rng, SeedableRng, rngs::StdRng};
use sumgil_dicom::net::scu::{self, FileToSend, Peer};
use sumgil_edge::serve::Listening;

use crate::site::Site;

struct Serving {
    child: Child,
    listening: Listening,
}

impl Serving {
    #[allow(clippy::zombie_processes, reason = "a child that does not listen fails the test")]
    async fn start(site: &Site, dicom: &str) -> Self {
        let file = site.home().listening();
        let _ = std::fs::remove_file(&file);
        let child = Command::new(env!("CARGO_BIN_EXE_sumgil-edge"))
            .arg("--dir")
            .arg(site.home().root())
            .args(["serve", "--dicom", dicom, "--status", "127.0.0.1:0"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..400 {
            let text = std::fs::read(&file).unwrap_or_default();
            if let Ok(listening) = serde_json::from_slice(&text) {
                return Self { child, listening };
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the edge does not come to listen");
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_dash_nine_loses_and_doubles_nothing() {
    let site = Site::new().await;
    let files: Vec<PathBuf> = (31..35).flat_map(|seed| site.patient(seed).1).collect();
    let mut serving = Serving::start(&site, "127.0.0.1:0").await;
    let address = serving.listening.dicom.to_string();
    let (to, wanted) = (address.clone(), files.clone());
    let sender = tokio::spawn(async move {
        let mut open = wanted;
        while !open.is_empty() {
            let peer = Peer::new(to.clone(), "SUMGIL", "MODALITY");
            let sending = open.iter().cloned().map(FileToSend::Path).collect();
            let report = scu::store(&peer, sending, |_, _| {}).await;
            let mut outcomes = report.outcomes.iter();
            open.retain(|_| !outcomes.next().unwrap().is_stored());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut random = StdRng::seed_from_u64(518);
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_millis(random.random_range(10..500))).await;
        serving.kill();
        serving = Serving::start(&site, &address).await;
    }
    tokio::time::timeout(Duration::from_secs(120), sender).await.unwrap().unwrap();
    serving.kill();
    site.drain().await;

    let counts = site.edge().await.db.counts().await.unwrap();
    let ended = counts.sent_instances + counts.quarantined + counts.refused + counts.waiting;
    assert_eq!(ended, files.len() as u64, "{counts:?}");
    assert_eq!(site.registry.instances() as u64, counts.sent_instances, "nothing is doubled");
    let mut uids: Vec<String> = site.registry.opened().into_iter().map(|(uid, _, _)| uid).collect();
    uids.sort();
    uids.dedup();
    assert_eq!(uids.len() as u64, counts.sent_instances);
}
