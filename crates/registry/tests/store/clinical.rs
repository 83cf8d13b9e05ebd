//! Clinical records: newer parts replace older ones, never the reverse.

use sumgil_model::{ClinicalRecord, ExamNote, Indication, MissingReason, Sex, Stay, SubjectId, Value};
use sumgil_registry::store::{
    Db, audit, cohort,
    objects::{Committed, State},
    subjects::{self, Refused},
};

use crate::{
    engines::benches,
    make::{
        answer, clinical_object, commit_record, day, furnish, lab, number_of, protocol_id, record, site,
        subject, uid,
    },
};

async fn row(db: &Db, id: &SubjectId) -> sumgil_statistics::CohortRow {
    let rows = cohort::subjects(db, &protocol_id()).await.unwrap();
    rows.into_iter().find(|row| row.subject == *id).unwrap()
}

fn full(revision: u64) -> ClinicalRecord {
    ClinicalRecord {
        sex: Some(Sex::Female),
        age_years: Some(61),
        stay: Some(Stay { admission: day(0), discharge: Some(day(9)) }),
        observations: vec![
            answer("fever", true),
            lab("crp", 12.5, day(0)),
            lab("crp", 3.0, day(2)),
            sumgil_model::Observation {
                variable: "cough".into(),
                value: Value::Missing(MissingReason::NotDone),
            },
        ],
        exams: vec![ExamNote {
            study: uid(100),
            indications: vec![Indication::FollowUp, Indication::Other],
            setting: Some(sumgil_model::Setting::Ward),
            portable: Some(false),
        }],
        ..record(1, revision)
    }
}

#[tokio::test]
async fn a_record_comes_back_as_it_was_sent() {
    for bench in benches().await {
        furnish(&bench.db).await;
        let sent = full(1);
        let Committed::New(kept) = commit_record(&bench.db, sent.clone()).await else { panic!("not new") };
        assert_eq!(kept.state, State::Stored);
        let row = row(&bench.db, &subject(1)).await;
        assert_eq!((row.sex, row.age_years, row.stay), (sent.sex, sent.age_years, sent.stay));
        let values = |name: &str| -> Vec<Value> {
            sent.observations.iter().filter(|o| o.variable == name).map(|o| o.value.clone()).collect()
        };
        for name in ["fever", "crp", "cough"] {
            assert_eq!(row.observations[name], values(name), "{name}");
        }
        assert_eq!(audit::page(&bench.db, 0, 10).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_newer_record_replaces_what_it_names_and_nothing_else() {
    for bench in benches().await {
        furnish(&bench.db).await;
        commit_record(&bench.db, full(1)).await;
        let newer = ClinicalRecord {
            age_years: Some(62),
            observations: vec![lab("crp", 1.0, day(1))],
            ..record(1, 2)
        };
        commit_record(&bench.db, newer).await;
        let row = row(&bench.db, &subject(1)).await;
        assert_eq!((row.sex, row.age_years), (Some(Sex::Female), Some(62)));
        assert_eq!(row.observations["crp"].iter().map(number_of).collect::<Vec<_>>(), [1.0]);
        assert_eq!(row.observations["fever"].len(), 1);
    }
}

#[tokio::test]
async fn an_older_record_that_arrives_late_fills_gaps_and_replaces_nothing() {
    for bench in benches().await {
        furnish(&bench.db).await;
        let newer = ClinicalRecord {
            age_years: Some(62),
            stay: Some(Stay { admission: day(1), discharge: None }),
            observations: vec![answer("fever", false)],
            ..record(1, 5)
        };
        commit_record(&bench.db, newer).await;
        commit_record(&bench.db, full(4)).await;
        let row = row(&bench.db, &subject(1)).await;
        assert_eq!((row.sex, row.age_years), (Some(Sex::Female), Some(62)));
        assert_eq!(row.stay, Some(Stay { admission: day(1), discharge: None }));
        assert_eq!(row.observations["fever"][0].answer(), Some(false));
        assert_eq!(row.observations["crp"].len(), 2);
    }
}

#[tokio::test]
async fn a_record_about_another_sites_subject_or_with_a_foreign_envelope_is_refused() {
    for bench in benches().await {
        furnish(&bench.db).await;
        commit_record(&bench.db, full(1)).await;
        let theirs = ClinicalRecord { site: site("hosp-02"), ..record(1, 9) };
        assert_eq!(commit_record(&bench.db, theirs).await, Committed::Refused(Refused::IdentityMismatch));
        let mut envelope = clinical_object(&record(2, 1));
        envelope.subject = subject(3);
        let rows = sumgil_registry::store::clinical::ClinicalRows {
            object: envelope,
            protocols: vec![protocol_id()],
            record: record(2, 1),
        };
        let refused = bench
            .db
            .write(move |tx| {
                Box::pin(sumgil_registry::store::clinical::commit(tx, rows, crate::make::link()))
            })
            .await
            .unwrap();
        assert_eq!(refused, Committed::Refused(Refused::IdentityMismatch));
        assert_eq!(subjects::find(&bench.db, &subject(2)).await.unwrap(), None);
    }
}
