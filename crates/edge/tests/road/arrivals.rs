//! From files to receipts: accounted for, hidden, sent once, freed.

use std::{fs, time::Duration};

use sumgil_dicom::{Limits, access, dictionary::tags, read_without_pixels};
use sumgil_edge::{engine::Engine, spool::KeptFilter};

use crate::site::{Site, all_bytes, contains, files_in};

#[tokio::test(flavor = "multi_thread")]
async fn files_are_hidden_sent_once_and_freed() {
    let site = Site::new().await;
    let (patient, mut paths) = site.patient(1);
    let readme = site.dir.path().join("README.txt");
    fs::write(&readme, "no DICOM at all, and longer than a preamble of 128 bytes ".repeat(9)).unwrap();
    paths.push(readme);
    let results = site.import(&paths).await;
    let sent = results["sent"];
    assert!(sent >= 5, "{results:?}");
    assert_eq!(results["refused"], 1, "{results:?}");
    assert_eq!(site.registry.instances(), sent);
    assert_eq!(files_in(&site.home().hold()), 0, "nothing stays in the hold");
    assert_eq!(files_in(&site.home().spool()), 0, "nothing stays in the spool");

    let at_centre: Vec<u8> = site.registry.opened().into_iter().flat_map(|(_, _, plain)| plain).collect();
    let at_rest = all_bytes(site.home().root());
    for identifier in &patient.truth.identifiers {
        assert!(!contains(&at_centre, &identifier.value), "{:?} left the hospital", identifier.kind);
        if identifier.value.len() >= 6 {
            assert!(!contains(&at_rest, &identifier.value), "{:?} rests in clear", identifier.kind);
        }
    }

    let again = site.import(&paths).await;
    assert_eq!(again.get("sent"), None, "{again:?}");
    assert_eq!(again["already_there"], paths.len() - 1);
    assert_eq!(site.registry.instances(), sent, "sent once");
}

#[tokio::test(flavor = "multi_thread")]
async fn days_without_the_centre_end_in_a_drained_spool() {
    let mut site = Site::new().await;
    let (_, paths) = site.patient(2);
    site.registry.go_away().await;
    let away = site.import_within(&paths, Duration::from_secs(4)).await;
    let waiting = away["to_be_sent"];
    assert!(waiting >= 5, "{away:?}");
    assert_eq!(files_in(&site.home().hold()), 0);
    assert!(files_in(&site.home().spool()) > 0);
    site.registry.come_back().await;
    site.drain().await;
    assert_eq!(site.registry.instances(), waiting);
    assert_eq!(files_in(&site.home().spool()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_decides_and_decides_again() {
    let site = Site::new().await;
    let (patient, paths) = site.patient(3);
    let policy = |enrolled: &str| {
        fs::write(site.home().root().join("enrolled.txt"), enrolled).unwrap();
        site.configure("quiet_seconds = 0.2\n[policy]\nenrolled_list = 'enrolled.txt'\n");
    };
    policy("# nobody yet\n");
    let kept = site.import(&paths).await;
    assert_eq!(kept["kept_by_policy"], paths.len(), "{kept:?}");
    assert_eq!(site.registry.instances(), 0);
    assert_eq!(files_in(&site.home().hold()), 0, "what waits does not block the hold");

    policy(&format!("{}\n", patient.truth.patient_id));
    let edge = site.edge().await;
    let engine = Engine::start(&edge).unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    engine.stop().await.unwrap();
    site.drain().await;
    assert!(site.registry.instances() >= 5);
    let counts = site.edge().await.db.counts().await.unwrap();
    assert_eq!(counts.waiting_by_reason.get("not-enrolled"), None, "{counts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_person_is_released_or_thrown_away() {
    let site = Site::new().await;
    let (_, paths) = site.patient(4);
    let unstated: Vec<_> = paths.iter().filter_map(|path| without_annotation(path)).collect();
    assert!(unstated.len() >= 2, "the invented patient has radiographs");
    let results = site.import(&unstated).await;
    assert_eq!(results["quarantined"], unstated.len(), "{results:?}");
    assert_eq!(site.registry.instances(), 0);

    let edge = site.edge().await;
    let filter = KeptFilter { reason: Some("no-modality".into()), ..KeptFilter::default() };
    let kept = edge.db.kept(&filter).await.unwrap();
    assert_eq!(kept.len(), unstated.len());
    assert_eq!(edge.db.release(&[kept[0].id], "tester").await.unwrap(), 1);
    site.drain().await;
    assert_eq!(site.registry.instances(), 1, "released, hence sent");

    let (gone, segments) = edge.db.discard(&kept[1..], "tester").await.unwrap();
    edge.free(&segments).await.unwrap();
    assert_eq!(gone as usize, unstated.len() - 1);
    assert_eq!(files_in(&site.home().quarantine()), 0, "thrown away is gone");
    let log = edge.db.accesses().await.unwrap();
    assert!(log.iter().any(|a| a.what == "quarantine release" && a.who == "tester"));
}

/// A radiograph as it is, but not saying what it is; `None` for other files.
fn without_annotation(path: &std::path::Path) -> Option<std::path::PathBuf> {
    let bytes = fs::read(path).unwrap();
    let header = read_without_pixels(&bytes, &Limits::default()).unwrap();
    let modality = access::text(&header.data_set, tags::MODALITY)?;
    if !["CR", "DX"].contains(&modality.as_str()) {
        return None;
    }
    let mut file = sumgil_dicom::read(&bytes, &Limits::default()).unwrap();
    file.data_set.remove_element(tags::MODALITY);
    let changed = path.with_extension("unstated.dcm");
    fs::write(&changed, sumgil_dicom::write(&file.data_set, &file.transfer_syntax).unwrap()).unwrap();
    Some(changed)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_uid_with_other_content_is_flagged_and_goes_as_another_version() {
    let site = Site::new().await;
    let (_, paths) = site.patient(5);
    let first = site.import(&paths).await["sent"];
    let ct = paths.iter().find_map(|path| changed_pixels(path)).unwrap();
    let results = site.import(&[ct]).await;
    assert_eq!(results["sent"], 1, "{results:?}");
    let counts = site.edge().await.db.counts().await.unwrap();
    assert_eq!(counts.conflicting, 1);
    let mut uids: Vec<String> = site.registry.opened().into_iter().map(|(uid, _, _)| uid).collect();
    uids.sort();
    uids.dedup();
    assert_eq!((site.registry.instances(), uids.len()), (first + 1, first));
}

fn changed_pixels(path: &std::path::Path) -> Option<std::path::PathBuf> {
    let bytes = fs::read(path).unwrap();
    let mut file = sumgil_dicom::read(&bytes, &Limits::default()).unwrap();
    if access::text(&file.data_set, tags::MODALITY)? != "CT" {
        return None;
    }
    let mut pixels = access::bytes(&file.data_set, tags::PIXEL_DATA)?.to_vec();
    pixels[0] ^= 1;
    use sumgil_dicom::dicom_core::{DataElement, PrimitiveValue, VR};
    let value = PrimitiveValue::from(pixels);
    file.data_set.put(DataElement::new(tags::PIXEL_DATA, VR::OW, value));
    let changed = path.with_extension("changed.dcm");
    fs::write(&changed, sumgil_dicom::write(&file.data_set, &file.transfer_syntax).unwrap()).unwrap();
    Some(changed)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_instance_in_another_encoding_is_not_sent_twice() {
    let site = Site::new().await;
    let (_, paths) = site.patient(6);
    let first = site.import(&paths).await["sent"];
    let again: Vec<_> = paths.iter().map(|path| with_a_comment(path)).collect();
    let results = site.import(&again).await;
    assert_eq!(results.get("already_there"), None, "other bytes: {results:?}");
    assert_eq!(results["sent"], first, "the object that is there counts: {results:?}");
    assert_eq!(site.registry.opened().len(), first, "nothing was sent again");
    assert_eq!(files_in(&site.home().spool()), 0, "and nothing stays behind");
}

/// The file with a remark that de-identification takes away again.
fn with_a_comment(path: &std::path::Path) -> std::path::PathBuf {
    use sumgil_dicom::dicom_core::{DataElement, VR};
    let mut file = sumgil_dicom::read(&fs::read(path).unwrap(), &Limits::default()).unwrap();
    file.data_set.put(DataElement::new(tags::PATIENT_RELIGIOUS_PREFERENCE, VR::LO, "resent by the archive"));
    let changed = path.with_extension("resent.dcm");
    fs::write(&changed, sumgil_dicom::write(&file.data_set, &file.transfer_syntax).unwrap()).unwrap();
    changed
}
