//! Stories of people who search and retrieve over DICOMweb.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a story that cannot go on has failed")]

mod world;

use http::{Method, StatusCode};
use serde_json::Value;
use sumgil_dicom::{Limits, access, dictionary::tags, read};
use sumgil_registry::{Role, store::audit, web};
use world::{Answer, Hospital, Sample, World};

/// Two hospitals: one with a CT study of two series and a radiograph, one with a CT.
struct Archive {
    world: World,
    reader: String,
    ct: Sample,
    dx: Sample,
    other: Sample,
}

impl Archive {
    async fn new() -> Self {
        let world = World::new().await;
        let (one, two) = (world.hospital("hosp-01").await, world.hospital("hosp-02").await);
        let (first, second) = (one.subject(1), two.subject(2));
        let send = async |hospital: &Hospital, sample: &Sample, number| {
            hospital.keep(&world, &hospital.instance(sample, number)).await;
        };
        let ct = Sample::ct(&first, 1, 1, 1);
        send(&one, &ct, 1).await;
        send(&one, &Sample::ct(&first, 1, 1, 2), 2).await;
        send(&one, &Sample::ct(&first, 1, 2, 1), 3).await;
        let dx = Sample { date: "20200401".into(), ..Sample::dx(&first, 2, 1) };
        send(&one, &dx, 4).await;
        let other = Sample { date: "20200320".into(), ..Sample::ct(&second, 1, 1, 1) };
        send(&two, &other, 1).await;
        let reader = world.person(Role::Reader, None).await;
        Self { world, reader, ct, dx, other }
    }

    async fn get(&self, path: &str) -> Answer {
        self.world.get(&format!("/dicom-web{path}"), &self.reader).await
    }

    async fn take(&self, path: &str, accept: &str) -> Answer {
        let path = format!("/dicom-web{path}");
        self.world.request(Method::GET, &path, Some(&self.reader), &[("accept", accept)], "").await
    }

    /// The UIDs under `tag` that a search finds.
    async fn find(&self, search: &str, tag: &str) -> Vec<String> {
        let answer = self.get(search).await;
        assert_eq!(answer.status, StatusCode::OK, "{search}: {}", String::from_utf8_lossy(&answer.body));
        let found = answer.json();
        found.as_array().unwrap().iter().map(|found| value(found, tag)).collect()
    }
}

fn value(attributes: &Value, tag: &str) -> String {
    match &attributes[tag]["Value"][0] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn at(sample: &Sample) -> String {
    format!("/studies/{}/series/{}/instances/{}", sample.study, sample.series, sample.uid)
}

/// The parts of a multipart body.
fn parts(answer: &Answer) -> Vec<(String, Vec<u8>)> {
    let content_type = answer.header("content-type");
    let boundary = content_type.split("boundary=").nth(1).expect("a boundary").trim_matches('"');
    let dashes = format!("--{boundary}");
    let find = |from: usize, what: &[u8]| {
        answer.body[from..].windows(what.len()).position(|window| window == what).map(|at| from + at)
    };
    let (mut parts, mut at) = (Vec::new(), find(0, dashes.as_bytes()).unwrap());
    loop {
        at += dashes.len();
        if answer.body[at..].starts_with(b"--") {
            return parts;
        }
        let begin = find(at, b"\r\n\r\n").unwrap() + 4;
        let end = find(begin, format!("\r\n{dashes}").as_bytes()).unwrap();
        let headers = String::from_utf8_lossy(&answer.body[at..begin]).into_owned();
        parts.push((headers, answer.body[begin..end].to_vec()));
        at = end + 2;
    }
}

#[tokio::test]
async fn studies_are_found_by_subject_date_modality_and_page() {
    let archive = Archive::new().await;
    let study = "0020000D";
    let all = archive.find("/studies", study).await;
    assert_eq!(all, [&*archive.ct.study, &archive.other.study, &archive.dx.study], "by date");
    let subject = archive.ct.subject.as_str();
    for (search, wanted) in [
        (format!("/studies?PatientID={subject}"), vec![&archive.ct.study, &archive.dx.study]),
        (format!("/studies?00100020={}*", &subject[..12]), vec![&archive.ct.study, &archive.dx.study]),
        ("/studies?StudyDate=20200315-".into(), vec![&archive.other.study, &archive.dx.study]),
        ("/studies?StudyDate=20200310".into(), vec![&archive.ct.study]),
        ("/studies?ModalitiesInStudy=DX".into(), vec![&archive.dx.study]),
        ("/studies?limit=1&offset=1".into(), vec![&archive.other.study]),
        (format!("/studies?StudyInstanceUID={},{}", archive.ct.study, archive.other.study), {
            vec![&archive.ct.study, &archive.other.study]
        }),
        ("/studies?PatientID=nobody".into(), vec![]),
        ("/studies?ClinicalTrialSiteID=hosp-02".into(), vec![&archive.other.study]),
    ] {
        assert_eq!(archive.find(&search, study).await.iter().collect::<Vec<_>>(), wanted, "{search}");
    }
    let first = &archive.get("/studies?limit=1").await.json()[0];
    assert_eq!((value(first, "00201206"), value(first, "00201208")), ("2".into(), "3".into()));
    assert_eq!(value(first, "00080061"), "CT");
    assert!(value(first, "00081190").ends_with(&format!("/dicom-web/studies/{}", archive.ct.study)));
}

#[tokio::test]
async fn series_and_instances_are_found_below_and_beside_their_parents() {
    let archive = Archive::new().await;
    let (study, series) = (&archive.ct.study, &archive.ct.series);
    assert_eq!(archive.find(&format!("/studies/{study}/series"), "0020000E").await.len(), 2);
    assert_eq!(archive.find("/series?Modality=CT", "0020000E").await.len(), 3);
    let of_series = archive.find(&format!("/studies/{study}/series/{series}/instances"), "00080018").await;
    assert_eq!(of_series.len(), 2);
    assert_eq!(archive.find(&format!("/studies/{study}/instances"), "00080018").await.len(), 3);
    let dx = archive.find(&format!("/instances?SOPClassUID={}", world::instance::DX), "00080018").await;
    assert_eq!(dx, [&*archive.dx.uid]);
}

#[tokio::test]
async fn a_search_that_is_not_understood_is_never_a_wider_one() {
    let archive = Archive::new().await;
    for search in ["PatientIdentity=x", "StudyDate=yesterday", "StudyDescription=chest", "limit=many"] {
        let answer = archive.get(&format!("/studies?{search}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{search}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    let fuzzy = archive.get("/studies?fuzzymatching=true&limit=1").await;
    assert!(fuzzy.header("warning").starts_with("299 "));
    assert_eq!(archive.take("/studies", "text/html").await.status, StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn an_instance_comes_back_as_it_was_sent() {
    let archive = Archive::new().await;
    let single = archive.take(&at(&archive.ct), "application/dicom").await;
    assert_eq!(single.body, archive.ct.part10());
    assert_eq!(single.header("x-content-type-options"), "nosniff");
    let answer = archive.take(&at(&archive.ct), "multipart/related; type=\"application/dicom\"").await;
    let parts = parts(&answer);
    assert_eq!(parts.len(), 1);
    assert!(parts[0].0.contains("transfer-syntax=1.2.840.10008.1.2.1"), "{}", parts[0].0);
    assert_eq!(parts[0].1, archive.ct.part10());
    let wanted = "multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.4.80";
    assert_eq!(archive.take(&at(&archive.ct), wanted).await.status, StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn a_study_and_a_series_come_whole() {
    let archive = Archive::new().await;
    let study = archive.get(&format!("/studies/{}", archive.ct.study)).await;
    let files = parts(&study);
    assert_eq!(files.len(), 3);
    for (headers, file) in &files {
        let part10 = read(file, &Limits::default()).unwrap();
        let uid = access::text(&part10.data_set, tags::SOP_INSTANCE_UID).unwrap();
        assert!(headers.contains(&uid), "content location names the instance");
    }
    let series = archive.get(&format!("/studies/{}/series/{}", archive.ct.study, archive.ct.series)).await;
    assert_eq!(parts(&series).len(), 2);
    assert_eq!(archive.get("/studies/1.2.3").await.status, StatusCode::NOT_FOUND);
    assert_eq!(archive.get("/studies/..%2F..%2Fetc").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn metadata_name_the_pixels_and_frames_are_the_pixels() {
    let archive = Archive::new().await;
    let path = format!("/studies/{}/series/{}/metadata", archive.ct.study, archive.ct.series);
    let metadata = archive.get(&path).await;
    assert_eq!(metadata.header("content-type"), "application/dicom+json");
    let metadata = metadata.json();
    assert_eq!(metadata.as_array().unwrap().len(), 2);
    assert_eq!(value(&metadata[0], "00100020"), archive.ct.subject.as_str());
    assert_eq!(metadata[0]["00280010"]["Value"][0], 16);
    let uri = metadata[0]["7FE00010"]["BulkDataURI"].as_str().unwrap();
    let uri = &uri[uri.find("/studies").unwrap()..];

    let octets = "multipart/related; type=\"application/octet-stream\"";
    let frame = archive.take(&format!("{}/frames/1", at(&archive.ct)), octets).await;
    assert_eq!(parts(&frame)[0].1, archive.ct.pixels());
    let bulk = archive.take(uri, octets).await;
    assert_eq!(parts(&bulk)[0].1, archive.ct.pixels());
    let alone = archive.take(&format!("{}/frames/1", at(&archive.ct)), "application/octet-stream").await;
    assert_eq!(alone.body, archive.ct.pixels());
    for (frames, status) in [("2", StatusCode::NOT_FOUND), ("0", StatusCode::BAD_REQUEST)] {
        assert_eq!(archive.get(&format!("{}/frames/{frames}", at(&archive.ct))).await.status, status);
    }
}

#[tokio::test]
async fn a_hospital_sees_its_own_and_nothing_of_others() {
    let archive = Archive::new().await;
    let token = archive.world.person(Role::Hospital, Some("hosp-02")).await;
    let get = async |path: String| archive.world.get(&format!("/dicom-web{path}"), &token).await;
    let found = get("/studies".into()).await.json();
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(value(&found[0], "0020000D"), archive.other.study);
    assert_eq!(get(at(&archive.other)).await.status, StatusCode::OK);
    for path in [
        at(&archive.ct),
        format!("/studies/{}", archive.ct.study),
        format!("/studies/{}/metadata", archive.ct.study),
        format!("{}/frames/1", at(&archive.ct)),
        format!("{}/bulkdata/7FE00010", at(&archive.ct)),
    ] {
        assert_eq!(get(path.clone()).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let below = get(format!("/studies/{}/instances", archive.ct.study)).await.json();
    assert_eq!(below.as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn links_lead_back_here_although_the_client_names_no_port() {
    let mut archive = Archive::new().await;
    let app = web::App::new(archive.world.registry.clone());
    archive.world.router = web::router(app.reached_by("https", 8443));
    for (host, wanted) in [
        ("registry.example", "https://registry.example:8443/dicom-web/"),
        ("registry.example:9000", "https://registry.example:9000/dicom-web/"),
        ("[::1]", "https://[::1]:8443/dicom-web/"),
        ("[::1]:9000", "https://[::1]:9000/dicom-web/"),
        ("evil\"<host>", "/dicom-web/"),
    ] {
        let (token, headers) = (Some(archive.reader.as_str()), [("host", host)]);
        let found = archive.world.request(Method::GET, "/dicom-web/studies", token, &headers, "").await;
        let url = value(&found.json()[0], "00081190");
        assert!(url.starts_with(wanted), "{host}: {url}");
    }
}

#[tokio::test]
async fn what_waits_in_quarantine_is_not_served() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let sample = Sample::ct(&hospital.subject(1), 1, 1, 1);
    hospital.keep(&world, &hospital.instance(&sample, 1)).await;
    hospital.keep(&world, &hospital.instance(&Sample { pixel: 9, ..sample.clone() }, 2)).await;
    let reader = world.person(Role::Reader, None).await;
    let path = format!("/dicom-web{}", at(&sample));
    let answer =
        world.request(Method::GET, &path, Some(&reader), &[("accept", "application/dicom")], "").await;
    assert_eq!(answer.body, sample.part10());
    let found = world.get("/dicom-web/instances", &reader).await.json();
    assert_eq!(found.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn every_access_is_a_line_of_the_audit_log_before_its_answer() {
    let archive = Archive::new().await;
    let from = audit::head(&archive.world.registry.db).await.unwrap().next_sequence;
    archive.get("/studies?PatientName=Hong*").await;
    archive.get(&at(&archive.ct)).await;
    let lines = audit::page(&archive.world.registry.db, from, 10).await.unwrap();
    let lines: Vec<Value> = lines.iter().map(|row| serde_json::from_str(&row.line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["action"], &lines[0]["outcome"]), (&"dicomweb.search".into(), &"ok".into()));
    assert!(!lines[0].to_string().contains("Hong"), "what was typed is not written down");
    assert_eq!(lines[1]["object"], format!("/dicom-web{}", at(&archive.ct)));
    assert_eq!(lines[1]["role"], "reader");
}
