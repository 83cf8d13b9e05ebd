//! Stories of the check of a whole registry.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a story that cannot go on has failed")]

mod world;

use sumgil_registry::{
    check::{Report, check},
    clock,
    store::Keyring,
};
use world::{Sample, World};

async fn report(world: &World) -> Report {
    check(&world.registry, |_, _| {}).await.unwrap()
}

fn wrongs(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.wrong).collect()
}

#[tokio::test]
async fn a_sound_registry_has_no_findings_and_damage_is_named() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let mut paths = Vec::new();
    for number in 1..=4 {
        let parcel = hospital.instance(&Sample::ct(&hospital.subject(1), 1, 1, number), number.into());
        hospital.keep(&world, &parcel).await;
        let digest = parcel.manifest.body.digest.to_string();
        paths.push(world.dir().objects().join(&digest[..2]).join(&digest));
    }
    let again = Sample { pixel: 77, ..Sample::ct(&hospital.subject(1), 1, 1, 1) };
    hospital.keep(&world, &hospital.instance(&again, 9)).await;
    let sound = report(&world).await;
    assert_eq!(sound.findings, []);
    assert_eq!((sound.objects, sound.quarantined, sound.destroyed), (5, 1, 0));
    assert!(sound.audit_lines >= 7, "enrolment and five arrivals");

    let mut bytes = std::fs::read(&paths[0]).unwrap();
    bytes[200] ^= 1;
    std::fs::write(&paths[0], bytes).unwrap();
    std::fs::remove_file(&paths[1]).unwrap();
    let orphan = format!("ab{}", "0".repeat(62));
    std::fs::create_dir_all(world.dir().objects().join("ab")).unwrap();
    std::fs::write(world.dir().objects().join("ab").join(&orphan), b"nobody's").unwrap();
    std::fs::write(world.dir().objects().join("README"), b"?").unwrap();
    let mut found = wrongs(&report(&world).await);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "has a row and is not in objects/",
            "has other bytes than its digest says",
            "is in objects/ and no row tells of it",
            "not those of objects",
        ]
    );
}

#[tokio::test]
async fn a_subject_that_withdrew_is_unreadable_and_no_finding() {
    let world = World::new().await;
    let hospital = world.hospital("hosp-01").await;
    let subject = hospital.subject(1);
    hospital.keep(&world, &hospital.instance(&Sample::ct(&subject, 1, 1, 1), 1)).await;
    let url = format!("sqlite:{}", world.dir().root().join("keyring.db").display());
    let keyring = Keyring::open(&url).await.unwrap();
    keyring.destroy_subject(&subject, clock::now()).await.unwrap();
    let report = report(&world).await;
    assert_eq!((report.findings.len(), report.destroyed), (0, 1));
}
