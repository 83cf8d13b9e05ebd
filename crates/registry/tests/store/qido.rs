//! Searches of the index.

use sumgil_registry::store::{
    Db,
    qido::{self, Attribute, Query, Test},
};

use crate::{
    engines::benches,
    make::{commit, furnish, instance, protocol_id, site, subject, uid},
};

/// Ten studies of five subjects: CT on even days, with a second series of two instances; DX on odd days.
async fn fill(db: &Db) {
    furnish(db).await;
    for study in 1..=10 {
        let mut rows = instance(study * 100, study % 5, study);
        rows.study.study_date = format!("202003{study:02}");
        rows.study.accession_number = format!("ACC_{study}%");
        if study % 2 == 1 {
            rows.series.modality = "DX".into();
            rows.instance.view_position = "PA".into();
        }
        commit(db, rows).await;
        if study % 2 == 0 {
            for number in 1..=2 {
                let mut rows = instance(study * 100 + number, study % 5, study);
                rows.series.uid = uid(study * 10 + 1);
                rows.series.modality = "SR".into();
                rows.study.study_date = "19990101".into();
                commit(db, rows).await;
            }
        }
    }
}

async fn found(db: &Db, query: &Query) -> Vec<String> {
    let studies = qido::studies(db, query).await.unwrap();
    studies.into_iter().map(|s| s.study.uid.to_string().replace("2.25.", "")).collect()
}

fn equal(text: &str) -> Test {
    Test::Equal(text.to_owned())
}

#[tokio::test]
async fn a_study_comes_with_its_counts_and_modalities_and_its_first_date() {
    for bench in benches().await {
        fill(&bench.db).await;
        let query = Query::default().with(Attribute::StudyInstanceUid, equal("2.25.4"));
        let studies = qido::studies(&bench.db, &query).await.unwrap();
        let [study] = studies.as_slice() else { panic!("one study") };
        assert_eq!((study.series, study.instances), (2, 3));
        assert_eq!(study.modalities, ["CT", "SR"]);
        assert_eq!(study.study.study_date, "20200304");
        assert_eq!((&study.subject, &study.site), (&subject(4), &site("hosp-01")));
    }
}

#[tokio::test]
async fn every_kind_of_filter_finds_what_it_should() {
    for bench in benches().await {
        fill(&bench.db).await;
        let range = |from: &str, to: &str| Test::Range {
            from: (!from.is_empty()).then(|| from.to_owned()),
            to: (!to.is_empty()).then(|| to.to_owned()),
        };
        let wild = |text: &str| Test::Wildcard(text.to_owned());
        for (attribute, test, expected) in [
            (Attribute::PatientId, equal(subject(2).as_str()), vec!["2", "7"]),
            (Attribute::StudyDate, range("20200303", "20200305"), vec!["3", "4", "5"]),
            (Attribute::StudyDate, range("20200309", ""), vec!["9", "10"]),
            (Attribute::StudyDate, range("", "20200302"), vec!["1", "2"]),
            (Attribute::Modality, equal("SR"), vec!["2", "4", "6", "8", "10"]),
            (Attribute::ViewPosition, equal("PA"), vec!["1", "3", "5", "7", "9"]),
            (Attribute::AccessionNumber, wild("ACC_1*"), vec!["1", "10"]),
            (
                Attribute::AccessionNumber,
                wild("ACC_?%"),
                (1..=9).map(|n| ["1", "2", "3", "4", "5", "6", "7", "8", "9"][n - 1]).collect(),
            ),
            (Attribute::AccessionNumber, wild("acc*"), vec![]),
            (Attribute::AccessionNumber, wild("ACC?1?"), vec!["1"]),
            (Attribute::SopInstanceUid, equal("2.25.801"), vec!["8"]),
            (
                Attribute::StudyInstanceUid,
                Test::OneOf(vec!["2.25.9".into(), "2.25.3".into(), "1.1".into()]),
                vec!["3", "9"],
            ),
            (Attribute::StudyInstanceUid, Test::OneOf(vec![]), vec![]),
            (
                Attribute::SeriesNumber,
                equal("2"),
                (1..=10).map(|n| ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"][n - 1]).collect(),
            ),
        ] {
            let query = Query::default().with(attribute, test);
            assert_eq!(found(&bench.db, &query).await, expected, "{} {query:?}", bench.db.engine());
        }
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_overlap() {
    for bench in benches().await {
        fill(&bench.db).await;
        let mut seen = Vec::new();
        for offset in (0..12).step_by(3) {
            seen.extend(found(&bench.db, &Query { limit: 3, offset, ..Query::default() }).await);
        }
        assert_eq!(seen, (1..=10).map(|n| n.to_string()).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn scope_of_site_and_protocol_hides_the_rest() {
    for bench in benches().await {
        fill(&bench.db).await;
        let scoped =
            |code| Query { site: Some(site(code)), protocol: Some(protocol_id()), ..Query::default() };
        assert_eq!(found(&bench.db, &scoped("hosp-01")).await.len(), 10);
        assert_eq!(found(&bench.db, &scoped("hosp-02")).await.len(), 0);
        let other = Query { protocol: Some("other".parse().unwrap()), ..Query::default() };
        assert_eq!(found(&bench.db, &other).await.len(), 0);
    }
}

#[tokio::test]
async fn series_and_instances_are_found_under_their_study_and_everywhere() {
    for bench in benches().await {
        fill(&bench.db).await;
        let study = Query::default().with(Attribute::StudyInstanceUid, equal("2.25.2"));
        let series = qido::series(&bench.db, &study).await.unwrap();
        assert_eq!(
            series.iter().map(|s| (s.series.modality.as_str(), s.instances)).collect::<Vec<_>>(),
            [("CT", 1), ("SR", 2)]
        );
        let dx = Query::default().with(Attribute::Modality, equal("DX"));
        assert_eq!(qido::series(&bench.db, &dx).await.unwrap().len(), 5);
        let with_view = Query::default().with(Attribute::ViewPosition, equal("PA"));
        assert_eq!(qido::series(&bench.db, &with_view).await.unwrap().len(), 5);
        let sr = Query::default().with(Attribute::Modality, equal("SR"));
        let instances = qido::instances(&bench.db, &Query { limit: 4, ..sr }).await.unwrap();
        assert_eq!(instances.len(), 4);
        let first = &instances[0];
        assert_eq!(first.instance, instance(first.instance.instance_number.unwrap() as u64, 1, 1).instance);
        assert_eq!(first.series.manufacturer_model_name, "SOMATOM Force");
    }
}
