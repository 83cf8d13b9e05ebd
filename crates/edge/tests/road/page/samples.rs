//! Samples of what was cleared.

use std::time::Duration;

use sumgil_edge::spool::Verdict;

use super::clinic::Clinic;
use crate::site::{Site, files_in};

const FIRST: &str = "[review]\nsample_percent = 0\nsample_first = 2\n";

#[tokio::test(flavor = "multi_thread")]
async fn the_first_of_each_device_are_kept_until_somebody_has_looked() {
    let clinic = Clinic::cleared(71, FIRST).await;
    let samples = clinic.edge.db.samples(0, 100).await.unwrap();
    let mut devices: Vec<_> = samples.iter().map(|s| s.kept.device.clone()).collect();
    devices.sort();
    assert!(devices.iter().all(|d| devices.iter().filter(|other| *other == d).count() <= 2), "{devices:?}");
    devices.dedup();
    assert!(devices.len() >= 2, "a CT and a radiograph: {devices:?}");
    assert_eq!(files_in(&clinic.site.home().samples()), samples.len(), "each in a file of its own");

    let mut browser = clinic.person("mina", "reviewer").await;
    for sample in &samples {
        let place = format!("/samples/{}", sample.kept.id);
        let page = browser.get(&place).await.text();
        assert!(page.contains(clinic.patient.truth.patient_id.as_str()) && page.contains("sub-"));
        let answer = browser.post(&format!("{place}/judge"), &[("verdict", Verdict::Good.code())]).await;
        assert!(answer.location().contains("done=good"), "{}", answer.location());
    }
    assert_eq!(files_in(&clinic.site.home().samples()), 0, "the originals are gone");
    assert!(browser.get("/samples").await.text().contains("No sample waits"));
    assert!(browser.get("/log").await.text().contains("judged a sample"));
    assert_eq!(clinic.edge.db.counts().await.unwrap().alarms, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn missed_text_that_was_sent_raises_an_alarm_and_says_how_to_recall() {
    let clinic = Clinic::cleared(72, FIRST).await;
    let mut browser = clinic.person("mina", "reviewer").await;
    let id = clinic.edge.db.samples(0, 1).await.unwrap()[0].kept.id;
    browser.get(&format!("/samples/{id}")).await;
    let form = [("verdict", Verdict::TextMissed.code()), ("note", "a name")];
    let answer = browser.post(&format!("/samples/{id}/judge"), &form).await;
    let place = answer.location().to_owned();
    assert!(place.starts_with("/samples?done=sent-missed&uid=2.25."), "{place}");
    assert!(browser.get(&place).await.text().contains("recall 2.25."));
    let alarms = clinic.edge.db.alarms().await.unwrap();
    assert_eq!(alarms.iter().filter(|a| a.code == "text-missed").count(), 1);
    let kept = clinic.kept().await;
    assert_eq!((kept.len(), kept[0].reasons.as_slice()), (1, &["text-missed".to_owned()][..]));
    assert!(browser.get(&format!("/review/{id}")).await.text().contains("text was left in"));
}

#[tokio::test(flavor = "multi_thread")]
async fn missed_text_that_was_not_yet_sent_is_held_back_and_corrected() {
    let mut site = Site::new().await;
    site.configure(&format!("quiet_seconds = 0.2\n{FIRST}"));
    let (patient, paths) = site.patient(73);
    site.registry.go_away().await;
    let away = site.import_within(&paths, Duration::from_secs(3)).await;
    site.registry.come_back().await;
    let clinic = Clinic::around(site, patient).await;
    let mut browser = clinic.person("mina", "reviewer").await;
    let id = clinic.edge.db.samples(0, 1).await.unwrap()[0].kept.id;
    browser.get(&format!("/samples/{id}")).await;
    let form = [("verdict", Verdict::AnatomyLost.code())];
    let answer = browser.post(&format!("/samples/{id}/judge"), &form).await;
    assert!(answer.location().contains("done=held-back"), "{}", answer.location());
    assert_eq!(clinic.edge.db.counts().await.unwrap().withheld, 1);
    clinic.site.drain().await;
    assert_eq!(clinic.site.registry.instances(), away["to_be_sent"] - 1, "it was held back");

    browser.get(&format!("/review/{id}")).await;
    browser.post(&format!("/review/{id}/release"), &[("masks", "")]).await;
    clinic.site.drain().await;
    assert_eq!(clinic.site.registry.instances(), away["to_be_sent"], "and went when it was right");
    assert_eq!(files_in(&clinic.site.home().samples()), clinic.edge.db.samples(0, 100).await.unwrap().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_samples_push_out_the_oldest_and_none_is_kept_when_switched_off() {
    let bounded = "[review]\nsample_percent = 100.0\nkeep_samples = 3\n";
    let clinic = Clinic::cleared(74, bounded).await;
    let counts = clinic.edge.db.counts().await.unwrap();
    assert_eq!(counts.samples, 3);
    assert!(counts.samples_dropped > 0);
    assert_eq!(files_in(&clinic.site.home().samples()), 3);
    let off = Clinic::cleared(75, "[review]\nsample_percent = 0\nsample_first = 0\n").await;
    assert_eq!(off.edge.db.counts().await.unwrap().samples, 0);
}
