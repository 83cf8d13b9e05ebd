//! Small databases of each landed schema, kept as SQL text, are opened by today's program.

use std::path::{Path, PathBuf};

use sumgil_model::{ClinicalRecord, Sex, Stay};
use sumgil_registry::store::{
    Db, Keyring, StoreError, Tx, approvals, audit, cohort, fsck, objects, qido,
    recalls::{self, NewRecall},
    uploads, users,
};
use sumgil_testkit::postgres;
use sumgil_transfer::statement::{Approval, LegalBasis, Recall, RecallReason, RecallTarget};

use crate::{
    engines::raw,
    make::{
        answer, at, commit, commit_record, day, digest, furnish, instance, lab, protocol_id, record, site,
        subject, uid,
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
    for_each_engine("v1", async |db| holds_what_was_filled_in(db, 3).await).await;
}

#[tokio::test]
async fn a_database_of_schema_2_opens() {
    for_each_engine("v2", async |db| {
        let site = site("hosp-01");
        let tombstone = recalls::tombstone(db, &site, &digest(9)).await.unwrap().unwrap();
        assert_eq!((tombstone.recall, tombstone.erased_at), (5, Some(at(30))));
        assert_eq!(objects::find(db, &digest(9)).await.unwrap().unwrap().state, objects::State::Erased);
        assert_eq!(approvals::last(db, &site).await.unwrap().unwrap().irb_number, "2020-03-011");
        holds_what_was_filled_in(db, 4).await;
    })
    .await;
}

async fn for_each_engine(version: &str, holds: impl AsyncFn(&Db)) {
    let folder = tempfile::tempdir().unwrap();
    let url = |name: &str| format!("sqlite:{}?mode=rwc", folder.path().join(name).display());
    let mut cases = vec![(url("registry.db"), url("keyring.db"), "sqlite")];
    cases.extend(postgres::fresh_database().map(|url| (url.clone(), url, "postgres")));
    for (registry, keyring, engine) in cases {
        load(&registry, &fixtures(version).join(format!("registry.{engine}.sql"))).await;
        load(&keyring, &fixtures(version).join(format!("keyring.{engine}.sql"))).await;
        holds(&Db::open(&registry).await.unwrap()).await;
        let key = Keyring::open(&keyring).await.unwrap().subject(&subject(1)).await.unwrap().unwrap();
        assert_eq!(key.wrapped.as_deref(), Some(b"wrapped".as_slice()));
    }
}

async fn holds_what_was_filled_in(db: &Db, objects: u64) {
    assert_eq!(objects::totals(db).await.unwrap().iter().map(|t| t.objects).sum::<u64>(), objects);
    assert_eq!(audit::head(db).await.unwrap().next_sequence, objects);
    assert_eq!(fsck::contradictions(db).await.unwrap(), []);
    assert_eq!(qido::studies(db, &qido::Query::default()).await.unwrap()[0].instances, 2);
    assert_eq!(users::list(db).await.unwrap()[0].name, "kim");
    assert_eq!(uploads::find(db, &digest(77)).await.unwrap().unwrap().size_bytes, 9);
    let rows = cohort::subjects(db, &protocol_id()).await.unwrap();
    assert_eq!((rows[0].age_years, rows[0].observations.len()), (Some(61), 2));
    commit(db, instance(3, 1, 100)).await;
}

/// The rows of a recall that has been erased, and of an approval.
async fn recall_and_erase(tx: &mut Tx) -> Result<(), StoreError> {
    let site = site("hosp-01");
    let recall = Recall {
        reason: RecallReason::Quality,
        note: "blurred".into(),
        targets: vec![RecallTarget::Study(uid(900))],
        objects: vec![digest(9)],
    };
    let new = NewRecall { site: site.clone(), number: 5, recall, who: "site:hosp-01".into(), at: at(20) };
    recalls::quarantine(tx, &new).await?;
    recalls::erase(tx, &site, 5, "site:hosp-01", at(30)).await?;
    recalls::files_gone(tx, &site, 5, at(31)).await?;
    let approval = Approval {
        irb_number: "2020-03-011".into(),
        valid_from: day(0),
        valid_until: day(365),
        basis: LegalBasis::Consent,
    };
    approvals::add(tx, &site, 6, &approval, at(32)).await
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
    commit(&db, instance(9, 1, 900)).await;
    db.write(|tx| {
        Box::pin(async move {
            recall_and_erase(tx).await?;
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
