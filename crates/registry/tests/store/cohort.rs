//! From rows to figures: what the index says becomes the tables, and nothing else does.

use sumgil_model::{ClinicalRecord, ExamKind, ExamNote, Indication, Sex, Stay};
use sumgil_registry::store::{Db, cohort, instances::InstanceRows, subjects};
use sumgil_statistics::{Cohort, Definitions, evaluate};

use crate::{
    engines::{Bench, benches, raw},
    make::{
        answer, at, commit, commit_record, day, furnish, instance, lab, protocol_id, radiograph, record,
        subject, uid,
    },
};

/// Two subjects. The first: a CT study with scout, dose screen and two reconstructions; a PA and lateral pair; a
/// lateral alone; a CT after discharge. The second: one radiograph.
async fn fill(db: &Db) {
    furnish(db).await;
    for number in 1..=2 {
        let record = ClinicalRecord {
            sex: Some(if number == 1 { Sex::Male } else { Sex::Female }),
            age_years: Some(40 + number as u16),
            stay: Some(Stay { admission: day(0), discharge: Some(day(20)) }),
            observations: vec![answer("fever", number == 1), lab("crp", 11.0, day(0))],
            exams: vec![ExamNote {
                study: uid(number * 100),
                indications: vec![Indication::PneumoniaSuspectedAfterCxr],
                setting: None,
                portable: None,
            }],
            ..record(number, 1)
        };
        commit_record(db, record).await;
    }
    for rows in first_subject() {
        commit(db, rows).await;
    }
    commit(db, radiograph(60, 2, 600, "AP")).await;
}

fn first_subject() -> Vec<InstanceRows> {
    let mut scout = instance(10, 1, 100);
    scout.instance.image_type = "ORIGINAL\\PRIMARY\\LOCALIZER".into();
    let mut screen = instance(11, 1, 100);
    screen.instance.sop_class = sumgil_model::Uid::parse("1.2.840.10008.5.1.4.1.1.7").unwrap();
    let lung = instance(12, 1, 100);
    let mut soft = instance(13, 1, 100);
    soft.series.uid = uid(1001);
    let scout_alone = {
        let mut rows = instance(20, 1, 200);
        rows.instance.image_type = "ORIGINAL\\PRIMARY\\LOCALIZER".into();
        rows
    };
    let mut late = instance(50, 1, 500);
    late.study.study_date = "20200401".into();
    vec![
        scout,
        screen,
        lung,
        soft,
        scout_alone,
        radiograph(30, 1, 300, "PA"),
        radiograph(31, 1, 300, "LL"),
        radiograph(40, 1, 400, "LL"),
        late,
    ]
}

async fn figures(bench: &Bench) -> serde_json::Value {
    let subjects = cohort::subjects(&bench.db, &protocol_id()).await.unwrap();
    let exams = cohort::exams(&bench.db, &protocol_id()).await.unwrap();
    let all = evaluate(&Definitions::kicc19().unwrap(), &Cohort::new(subjects, exams.rows));
    serde_json::to_value(all)
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|s| (s["id"].as_str().unwrap().to_owned(), s.clone()))
        .collect()
}

#[tokio::test]
async fn exams_are_made_of_the_right_images() {
    for bench in benches().await {
        fill(&bench.db).await;
        let exams = cohort::exams(&bench.db, &protocol_id()).await.unwrap();
        let found: Vec<_> =
            exams.rows.iter().map(|e| (e.study.to_string(), e.kind, e.exposures.len())).collect();
        let expected = [
            ("2.25.100", ExamKind::Ct, 0),
            ("2.25.300", ExamKind::Cxr, 2),
            ("2.25.500", ExamKind::Ct, 0),
            ("2.25.600", ExamKind::Cxr, 1),
        ];
        assert_eq!(found, expected.map(|(study, kind, n)| (study.to_owned(), kind, n)));
        assert_eq!(exams.rows[0].indications, Some(vec![Indication::PneumoniaSuspectedAfterCxr]));
        assert_eq!(exams.rows[1].indications, None);
    }
}

#[tokio::test]
async fn the_tables_follow_from_the_rows() {
    for bench in benches().await {
        fill(&bench.db).await;
        let figures = figures(&bench).await;
        assert_eq!(figures["S1"]["n"], 2);
        assert_eq!((&figures["S2a"]["n"], &figures["S2a"]["of"]), (&1.into(), &2.into()));
        assert_eq!(figures["S3"]["mean"], 41.5);
        assert_eq!(figures["S6c"]["n"], 2);
        assert_eq!(figures["S7"]["missing"], 2, "nobody recorded oxygen");
        assert_eq!((&figures["S16a"]["n"], &figures["S16a"]["per"]), (&1.into(), &1.into()));
        assert_eq!((&figures["S16b"]["n"], &figures["S16b"]["per"]), (&2.into(), &2.into()));
        assert_eq!(figures["S14"]["rank"], serde_json::json!([{"name": "Samsung GM85", "n": 3}]));
        assert_eq!(figures["S15"]["rank"][0]["n"], 1);
        assert_eq!(figures["S13a"]["percent"], 100.0);
    }
}

#[tokio::test]
async fn changing_one_row_changes_the_figures_that_depend_on_it_and_no_others() {
    let changes: [(&str, &[&str]); 5] = [
        (
            "UPDATE instance SET view_position = 'LL' WHERE uid = '2.25.60'",
            // The second subject's only exam is gone: every figure with that subject in it changes.
            &[
                "S1", "S2a", "S2b", "S3", "S4", "S5a", "S5b", "S6a", "S6b", "S6c", "S7", "S8a", "S8b", "S8c",
                "S9", "S10", "S12a", "S12b", "S12c", "S14", "S16b", "S17a", "S17b", "S17c",
            ],
        ),
        (
            "UPDATE instance SET manufacturer = 'GE MEDICAL SYSTEMS' WHERE uid IN ('2.25.12', '2.25.13')",
            &["S13a", "S13b"],
        ),
        ("UPDATE observation SET answer = 1 WHERE variable = 'fever'", &["S5a"]),
        (
            "UPDATE stay SET discharge = '2020-12-31' WHERE discharge IS NOT NULL",
            &["S11a", "S11b", "S13a", "S13b", "S13c", "S13d", "S15", "S16a"],
        ),
        ("UPDATE exam_note SET indications = 'follow_up'", &["S15"]),
    ];
    for (sql, expected) in changes {
        for bench in benches().await {
            fill(&bench.db).await;
            let before = figures(&bench).await;
            raw(&bench.url, sql).await;
            let after = figures(&bench).await;
            let before = before.as_object().unwrap();
            let mut changed: Vec<&str> = before
                .iter()
                .filter(|(id, was)| &after[id.as_str()] != *was)
                .map(|(id, _)| id.as_str())
                .collect();
            let mut expected = expected.to_vec();
            changed.sort_unstable();
            expected.sort_unstable();
            assert_eq!(changed, expected, "{} {sql}", bench.db.engine());
        }
    }
}

#[tokio::test]
async fn a_study_that_never_came_is_not_counted_whatever_the_clinical_table_says() {
    for bench in benches().await {
        furnish(&bench.db).await;
        let note =
            ExamNote { study: uid(999), indications: vec![Indication::Other], setting: None, portable: None };
        let stay = Some(Stay { admission: day(0), discharge: None });
        commit_record(&bench.db, ClinicalRecord { stay, exams: vec![note], ..record(1, 1) }).await;
        let figures = figures(&bench).await;
        assert_eq!((&figures["S1"]["n"], &figures["S16a"]["n"]), (&0.into(), &0.into()));
        assert_eq!(figures["S15"]["rank"], serde_json::json!([]));
    }
}

#[tokio::test]
async fn who_withdrew_or_belongs_to_another_protocol_is_not_counted() {
    for bench in benches().await {
        fill(&bench.db).await;
        bench
            .db
            .write(|tx| Box::pin(async move { subjects::withdraw(tx, &subject(2), at(20)).await }))
            .await
            .unwrap();
        assert_eq!(figures(&bench).await["S1"]["n"], 1);
        let other = "other".parse().unwrap();
        assert_eq!(cohort::subjects(&bench.db, &other).await.unwrap(), []);
        assert_eq!(cohort::exams(&bench.db, &other).await.unwrap().rows, []);
    }
}

#[tokio::test]
async fn radiographs_that_tell_no_view_are_counted_apart() {
    for bench in benches().await {
        furnish(&bench.db).await;
        commit(&bench.db, radiograph(1, 1, 100, "")).await;
        let exams = cohort::exams(&bench.db, &protocol_id()).await.unwrap();
        assert_eq!((exams.rows.len(), exams.untold_views), (0, 1));
    }
}
