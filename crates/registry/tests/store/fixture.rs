//! Small databases of each landed schema, kept as SQL text, are opened by today's program.

use std::path::{Path, PathBuf};

use sumgil_model::{ClinicalRecord, Sex, Stay};
use sumgil_registry::store::{Db, Keyring, audit, cohort, fsck, objects, qido, uploads, users};
use sumgil_testkit::postgres;

use crate::{
    engines::raw,
    make::{
        answer, at, commit, commit_record, day, digest, furnish, instance, lab, protocol_id, record, site,
        subject,
    },
};

fn fixtures(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(version)
}

async fn load(url: &str, file: &Path) {
    let text = std::fs::read_to_string(file).unwrap();
    // pg_dump writes commands for psql among the SQL.
    let sql: Vec<&str> = text.lines().filter(|line| !line.starts_with('\\')).collect();
    raw(url, &sql.join("\n")).await;
}

#[tokio::test]
async fn a_database_of_schema_1_opens() {
    let folder = tempfile::tempdir().unwrap();
    let url = |name: &str| format!("sqlite:{}?mode=rwc", folder.path().join(name).display());
    let mut cases = vec![(url("registry.db"), url("keyring.db"), "sqlite")];
    cases.extend(postgres::fresh_database().map(|url| (url.clone(), url, "postgres")));
    for (registry, keyring, engine) in cases {
        load(&registry, &fixtures("v1").join(format!("registry.{engine}.sql"))).await;
        load(&keyring, &fixtures("v1").join(format!("keyring.{engine}.sql"))).await;
        holds_what_was_filled_in(&Db::open(&registry).await.unwrap()).await;
        let key = Keyring::open(&keyring).await.unwrap().subject(&subject(1)).await.unwrap().unwrap();
        assert_eq!(key.wrapped.as_deref(), Some(b"wrapped".as_slice()));
    }
}

async fn holds_what_was_filled_in(db: &Db) {
    assert_eq!(objects::totals(db).await.unwrap().iter().map(|t| t.objects).sum::<u64>(), 3);
    assert_eq!(audit::head(db).await.unwrap().next_sequence, 3);
    assert_eq!(fsck::contradictions(db).await.unwrap(), []);
    assert_eq!(qido::studies(db, &qido::Query::default()).await.unwrap()[0].instances, 2);
    assert_eq!(users::list(db).await.unwrap()[0].name, "kim");
    assert_eq!(uploads::find(db, &digest(77)).await.unwrap().unwrap().size_bytes, 9);
    let rows = cohort::subjects(db, &protocol_id()).await.unwrap();
    assert_eq!((rows[0].age_years, rows[0].observations.len()), (Some(61), 2));
    commit(db, instance(3, 1, 100)).await;
}

/// Fills the databases from which a fixture is dumped, at `SUMGIL_FIXTURE_REGISTRY` and `SUMGIL_FIXTURE_KEYRING`.
/// Run it once for a new schema, before it lands; see `tests/fixtures/README.md`.
#[tokio::test]
#[ignore = "makes fixtures; see tests/fixtures/README.md"]
async fn fill() {
    let address = |name: &str| std::env::var(name).unwrap();
    let db = Db::open(&address("SUMGIL_FIXTURE_REGISTRY")).await.unwrap();
    furnish(&db).await;
    commit(&db, instance(1, 1, 100)).await;
    commit(&db, instance(2, 1, 100)).await;
    let told = ClinicalRecord {
        sex: Some(Sex::Female),
        age_years: Some(61),
        stay: Some(Stay { admission: day(0), discharge: None }),
        observations: vec![answer("fever", true), lab("crp", 12.5, day(0))],
        ..record(1, 1)
    };
    commit_record(&db, told).await;
    db.write(|tx| {
        Box::pin(async move {
            users::add(tx, "kim", "reader", None, at(0)).await?;
            uploads::begin(tx, &digest(77), &site("hosp-01"), "{}", 9, at(0)).await
        })
    })
    .await
    .unwrap();
    let keyring = Keyring::open(&address("SUMGIL_FIXTURE_KEYRING")).await.unwrap();
    keyring.add_ring("ring-1", b"ring", at(0)).await.unwrap();
    keyring.add_subject(&subject(1), "ring-1", b"wrapped", at(0)).await.unwrap();
}
