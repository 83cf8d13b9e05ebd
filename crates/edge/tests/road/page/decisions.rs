//! One instance in quarantine: seen, released with masks, discarded, written down.

use axum::http::StatusCode;
use sumgil_dicom::{
    Limits,
    pixels::{PixelLimits, Region, decode},
};
use sumgil_edge::review::parse_masks;

use super::clinic::Clinic;
use crate::site::{contains, files_in};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_who_it_is_and_what_would_leave() {
    let clinic = Clinic::new(51, "").await;
    let mut browser = clinic.person("mina", "reviewer").await;
    let list = browser.get("/review").await.text();
    assert!(list.contains("The modality is absent"), "{list}");
    let id = clinic.kept().await[0].id;
    let page = browser.get(&format!("/review/{id}")).await.text();
    let patient_id = &clinic.patient.truth.patient_id;
    assert!(page.contains(patient_id.as_str()), "before");
    assert!(page.contains("sub-"), "after");
    let mut other = clinic.person("jun", "viewer").await;
    assert_eq!(other.get(&format!("/review/{id}/before.png")).await.status, StatusCode::OK);
    let (before, after) = (
        browser.get(&format!("/review/{id}/before.png?frame=0")).await,
        browser.get(&format!("/review/{id}/after.png?frame=0&masks=,4,5,20,10")).await,
    );
    for picture in [&before, &after] {
        assert_eq!(picture.status, StatusCode::OK);
        assert_eq!(picture.headers["content-type"], "image/png");
    }
    assert!(!is_black(&before.bytes) && is_black(&after.bytes), "the mask is black");
    let log = clinic.edge.db.accesses().await.unwrap();
    let looks = |who: &str| log.iter().filter(|line| line.who == who && line.what.ends_with(" open")).count();
    assert_eq!((looks("mina"), looks("jun")), (1, 1), "a picture alone is a look as well");
    assert!(
        log.iter()
            .any(|line| line.what == "review open" && line.who == "mina" && line.detail == id.to_string())
    );
}

/// Whether a PNG is black at 20 by 10 pixels from (4, 5).
fn is_black(png: &[u8]) -> bool {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let samples = info.color_type.samples();
    (5..15).all(|row| {
        let row = &pixels[row * info.line_size..];
        row[4 * samples..24 * samples].iter().all(|sample| *sample == 0)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn released_with_masks_it_goes_and_the_log_tells_by_whom() {
    let clinic = Clinic::new(52, "").await;
    let mut browser = clinic.person("mina", "reviewer").await;
    let ids: Vec<i64> = clinic.kept().await.iter().map(|k| k.id).collect();
    browser.get(&format!("/review/{}", ids[0])).await;
    let form = [("masks", ",4,5,20,10;0,1,2,3,4"), ("note", "a name at the top left")];
    let answer = browser.post(&format!("/review/{}/release", ids[0]), &form).await;
    assert_eq!(answer.location(), format!("/review/{}?&done=released", ids[1]), "on to the next");
    let again = browser.post(&format!("/review/{}/release", ids[0]), &form).await;
    assert!(again.location().ends_with("done=gone"), "{}", again.location());
    let held = clinic.edge.db.counts().await.unwrap().held;
    assert_eq!(held, 1);
    clinic.site.drain().await;
    assert_eq!(clinic.site.registry.instances(), 1);

    let log = browser.get("/log").await.text();
    for told in ["released", "mina", "a name at the top left", "Masks 2"] {
        assert!(log.contains(told), "{told}");
    }
    let at_rest = crate::site::all_bytes(clinic.site.home().root());
    assert!(!contains(&at_rest, "a name at the top left"), "notes rest encrypted");
    let masks = parse_masks(form[0].1).unwrap();
    assert_eq!(masks[1], Region { frame: Some(0), x: 1, y: 2, width: 3, height: 4 });

    let sent = clinic.site.registry.opened().remove(0).2;
    let part = sumgil_dicom::read(&sent, &Limits::default()).unwrap();
    let pixels = decode(&part.data_set, &part.transfer_syntax, &PixelLimits::default()).unwrap();
    let seen = pixels.rendered(0, &part.data_set);
    let pixel = |x: usize, y: usize| seen.pixels[(y * seen.width + x) * 3];
    assert!((5..15).all(|y| (4..24).all(|x| pixel(x, y) == 0)), "what was drawn is black at the centre");
    assert!((0..seen.width).any(|x| pixel(x, seen.height / 2) > 0), "and nothing else");
}

#[tokio::test(flavor = "multi_thread")]
async fn discarding_needs_a_reason_and_deletes() {
    let clinic = Clinic::new(53, "").await;
    let mut browser = clinic.person("mina", "reviewer").await;
    for kept in clinic.kept().await {
        browser.get(&format!("/review/{}", kept.id)).await;
        let path = format!("/review/{}/discard", kept.id);
        assert_eq!(browser.post(&path, &[("note", "  ")]).await.status, StatusCode::FORBIDDEN);
        assert!(browser.post(&path, &[("note", "a phantom")]).await.location().contains("done=discarded"));
    }
    assert_eq!(files_in(&clinic.site.home().quarantine()), 0);
    assert!(browser.get("/review").await.text().contains("Nothing waits"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pile_goes_only_with_its_number_typed() {
    let clinic = Clinic::new(54, "").await;
    let mut browser = clinic.person("mina", "reviewer").await;
    let kept = clinic.kept().await;
    let same = kept.iter().filter(|k| k.device_key == kept[0].device_key).count();
    let (reason, device) = (kept[0].reasons[0].clone(), kept[0].device_key.to_string());
    let page = browser.get(&format!("/piles?reason={reason}&device={device}")).await.text();
    assert!(page.contains(&format!("id=\"pile-count\">{same}<")), "{page}");
    let mut form = vec![("reason", reason.as_str()), ("device", device.as_str()), ("count", "17")];
    assert!(browser.post("/piles/release", &form).await.location().ends_with("done=pile-wrong"));
    assert_eq!(clinic.kept().await.len(), kept.len());
    let right = same.to_string();
    form[2].1 = &right;
    assert_eq!(browser.post("/piles/release", &form).await.location(), "/review?done=released");
    clinic.site.drain().await;
    assert_eq!(clinic.site.registry.instances(), same);
}
