//! Clinical tables: whole or not at all, notes that wait, corrections, and names that become known late.

use std::path::Path;

use sumgil_edge::{
    Edge,
    clinical::{Imported, Tables, import_tables},
    pipeline::Sealer,
};

use crate::site::{Site, contains};

async fn import(edge: &Edge, tables: &[(&str, &[u8])]) -> Imported {
    let mut read = Tables::default();
    for (name, bytes) in tables {
        read.read(Path::new(name), bytes, "hanbit");
    }
    assert_eq!(read.problems, []);
    let policy = edge.config.policy.load().unwrap();
    let sealer = Sealer::new(edge.enrolment.clone(), edge.secrets.clone(), "sumgil-default-1");
    import_tables(edge, &policy, &sealer, read).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_wait_for_their_study_and_everything_keeps_its_intervals() {
    let site = Site::new().await;
    let (patient, paths) = site.patient(11);
    let edge = site.edge().await;
    let tables: [(&str, &[u8]); 3] =
        [("s", &patient.subjects_csv), ("l", &patient.labs_csv), ("e", &patient.exams_csv)];
    let imported = import(&edge, &tables).await;
    assert_eq!((imported.patients, imported.records), (1, 1), "{imported:?}");
    assert!(imported.notes > 0);
    site.drain().await;
    let before = site.registry.records();
    assert_eq!(before.len(), 1);
    assert!(before[0].stay.is_some() && before[0].exams.is_empty(), "no study has arrived yet");

    assert!(site.import(&paths).await["sent"] > 0);
    site.drain().await;
    let records = site.registry.records();
    let notes: usize = records.iter().map(|r| r.exams.len()).sum();
    assert_eq!(notes as u64, imported.notes, "each note went with its study");
    assert_eq!(edge.db.counts().await.unwrap().waiting_notes, 0);
    assert!(records.iter().all(|r| r.subject == records[0].subject), "images and tables meet");

    let content: Vec<u8> = site.registry.opened().into_iter().flat_map(|(_, _, plain)| plain).collect();
    for day in &patient.truth.dates {
        assert!(!contains(&content, day), "a real day left the hospital");
    }
    let unchanged = import(&edge, &tables).await;
    assert_eq!((unchanged.records, unchanged.unchanged, unchanged.notes), (0, 1, 0), "{unchanged:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_a_higher_revision() {
    let site = Site::new().await;
    let edge = site.edge().await;
    let table = |fever: &str| format!("patient_id,admission_date,fever\n7,2020-03-04,{fever}\n");
    import(&edge, &[("s", table("yes").as_bytes())]).await;
    import(&edge, &[("s", table("no").as_bytes())]).await;
    site.drain().await;
    let mut records = site.registry.records();
    records.sort_by_key(|record| record.revision);
    let fever: Vec<_> = records.iter().map(|r| r.observations[0].value.answer()).collect();
    assert_eq!(fever, [Some(true), Some(false)]);
    assert!(records[0].revision < records[1].revision);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_becomes_known_late_is_found_in_what_was_sent() {
    let site = Site::new().await;
    let (patient, paths) = site.patient(12);
    assert!(site.import(&paths).await["sent"] > 0);
    let edge = site.edge().await;
    assert_eq!(edge.db.alarms().await.unwrap(), []);
    // a patient whose name is a word that the cleared headers hold
    let issuer = patient.truth.issuer.clone().unwrap_or_default();
    let table = format!(
        "patient_id,issuer,name,admission_date\n{},{issuer},ORIGINAL^PRIMARY,2020-03-04\n",
        patient.truth.patient_id
    );
    import(&edge, &[("s", table.as_bytes())]).await;
    let alarms = edge.db.alarms().await.unwrap();
    assert!(alarms.iter().any(|alarm| alarm.code == "sent-then-found"), "{alarms:?}");
}
