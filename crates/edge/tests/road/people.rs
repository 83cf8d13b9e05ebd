//! Keys, look-ups and the status page.

use std::{net::SocketAddr, time::Duration};

use sumgil_deid::PatientIdentity;
use sumgil_edge::{Edge, Home, Secrets, backup, serve::Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::site::Site;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_machine_with_the_backup_goes_on_with_the_same_pseudonyms() {
    let site = Site::new().await;
    let sealed = backup::make(&site.home(), "five random words in a row").unwrap();
    let elsewhere = Home::new(&site.dir.path().join("new-machine"));
    assert!(backup::restore(&elsewhere, "another passphrase", &sealed).is_err());
    let enrolment = backup::restore(&elsewhere, "five random words in a row", &sealed).unwrap();
    assert_eq!(enrolment, site.enrolment());
    let subject = |home: &Home| {
        Secrets::load(home).unwrap().pseudonym.subject(&PatientIdentity::new("hanbit", "00123456"))
    };
    assert_eq!(subject(&elsewhere), subject(&site.home()));
    assert!(Edge::open(elsewhere).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_page_names_nobody_and_answers_to_localhost_only() {
    let site = Site::new().await;
    let (patient, paths) = site.patient(21);
    site.import(&paths).await;
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::start(site.edge().await, any, any).await.unwrap();
    let address = server.listening().status;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async move {
        let _ = stopped.await;
    }));
    let json = get(address, "/status", &address.to_string()).await;
    assert!(json.starts_with("HTTP/1.1 200"), "{json}");
    let body: serde_json::Value = serde_json::from_str(json.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert!(body["sent_instances"].as_u64().unwrap() >= 5, "{body}");
    assert_eq!(body["drained"], true);
    let page = get(address, "/", &format!("localhost:{}", address.port())).await;
    assert!(page.contains("<table>"), "{page}");
    for identifier in &patient.truth.identifiers {
        assert!(!page.contains(&identifier.value) && !json.contains(&identifier.value));
    }
    let rebound = get(address, "/status", "evil.example").await;
    assert!(rebound.starts_with("HTTP/1.1 421"), "{rebound}");
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(20), running).await.unwrap().unwrap().unwrap();
}

async fn get(address: SocketAddr, path: &str, host: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_to_an_instance_is_kept_without_values() {
    let site = Site::new().await;
    let (_, paths) = site.patient(22);
    site.import(&paths).await;
    let edge = site.edge().await;
    let (uid, ..) = site.registry.opened().into_iter().next().unwrap();
    let evidence = edge.db.evidence(&uid).await.unwrap().unwrap();
    let lines: Vec<sumgil_deid::Line> = serde_json::from_str(&evidence).unwrap();
    let of = |tag: &str| lines.iter().find(|line| line.tag == tag).map(|line| line.deed);
    assert_eq!(of("00080020"), Some(sumgil_deid::Deed::Shifted), "the study date");
    assert_eq!(of("00100030"), Some(sumgil_deid::Deed::Emptied), "the birth date");
    assert_eq!(of("0020000d"), Some(sumgil_deid::Deed::Replaced), "the study UID");
    assert!(edge.db.evidence("2.25.1").await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_profile_that_the_configuration_names_holds() {
    let site = Site::new().await;
    let path = site.home().config();
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let strict = if text.contains("profile = \"default\"") {
        text.replace("profile = \"default\"", "profile = \"strict\"")
    } else {
        format!("{text}\n[deid]\nprofile = \"strict\"\n")
    };
    std::fs::write(&path, strict).unwrap();
    let (_, paths) = site.patient(23);
    site.import(&paths).await;
    let profiles: Vec<String> =
        site.registry.opened().into_iter().map(|(_, _, plain)| told_by(&plain)).collect();
    assert!(
        !profiles.is_empty() && profiles.iter().all(|told| told.starts_with("sumgil-strict-1")),
        "{profiles:?}"
    );
}

/// What a finished file says of its de-identification; of anything else nothing is asked.
fn told_by(plain: &[u8]) -> String {
    use sumgil_dicom::{Limits, access, dictionary::tags, read_without_pixels};
    let file = read_without_pixels(plain, &Limits::default()).unwrap();
    access::text(&file.data_set, tags::DEIDENTIFICATION_METHOD).unwrap_or_default()
}
