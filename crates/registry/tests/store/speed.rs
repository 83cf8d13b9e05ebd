//! How fast searches are on many studies. Run with `--ignored --nocapture`; figures go to the report, not here.

use std::time::Instant;

use sumgil_registry::store::qido::{self, Attribute, Query, Test};

use crate::{
    engines::{raw, sqlite},
    make::{furnish, subject},
};

const FILL: &str = "
INSERT INTO subject (id, site_id, sex_revision, age_revision, created_at)
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {N} / 5)
    SELECT 'sub-' || printf('%020x', i), 'hosp-0' || (1 + i % 2), 0, 0, 0 FROM n;
INSERT INTO study SELECT '2.25.' || i, 'sub-' || printf('%020x', i % ({N} / 5)), 'hosp-0' || (1 + i % 2),
    strftime('%Y%m%d', '2015-01-01', '+' || (i % 2000) || ' days'), '101500', 'A' || i, '', 'F', 0
    FROM (WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {N}) SELECT i FROM n);
INSERT INTO series SELECT '2.25.' || i || '.' || k, '2.25.' || i,
    CASE WHEN i % 1000 = 7 THEN 'MR' WHEN i % 3 = 0 THEN 'CT' ELSE 'DX' END, k, '', '', 'CHEST', '', 'SIEMENS',
    'Model ' || (i % 40), '', '', '', 0
    FROM (WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {N}) SELECT i FROM n),
    (SELECT 1 AS k UNION SELECT 2);
INSERT INTO object SELECT printf('%064x', se.rowid * 10 + k), st.site_id, st.subject_id, 'instance',
    se.uid || '.' || k, 1, 'p', 'stored', NULL, 1, 1, x'00', x'00', 0, 0
    FROM series se JOIN study st ON st.uid = se.study_uid, (SELECT 1 AS k UNION SELECT 2 UNION SELECT 3);
INSERT INTO instance SELECT se.uid || '.' || k, se.uid, se.study_uid, printf('%064x', se.rowid * 10 + k),
    '1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.1.2.1', k, '', '', '', '', '', 'SIEMENS', '', '', '', '', '',
    1, 1, 1, 16, '', 1.0, 1.0, 1.0, 1.0, '', '', 0
    FROM series se, (SELECT 1 AS k UNION SELECT 2 UNION SELECT 3);
ANALYZE;";

#[tokio::test]
#[ignore = "a measurement, not a test"]
async fn qido() {
    for studies in [10_000, 100_000] {
        let bench = sqlite().await;
        furnish(&bench.db).await;
        raw(&bench.url, &FILL.replace("{N}", &studies.to_string())).await;
        let equal = |text: &str| Test::Equal(text.to_owned());
        let range = Test::Range { from: Some("20180101".into()), to: Some("20180131".into()) };
        let page = Query::default();
        for (what, query) in [
            ("first page", page.clone()),
            ("by subject", page.clone().with(Attribute::PatientId, equal(subject(99).as_str()))),
            ("a month", page.clone().with(Attribute::StudyDate, range)),
            ("accession number", page.clone().with(Attribute::AccessionNumber, equal("A4242"))),
            (
                "accession prefix",
                page.clone().with(Attribute::AccessionNumber, Test::Wildcard("A42*".into())),
            ),
            (
                "wildcard in front",
                page.clone().with(Attribute::AccessionNumber, Test::Wildcard("*4242".into())),
            ),
            ("modality CT", page.clone().with(Attribute::Modality, equal("CT"))),
            ("rare modality", page.clone().with(Attribute::Modality, equal("MR"))),
            ("rare model", page.clone().with(Attribute::ManufacturerModelName, equal("none such"))),
            ("half way", Query { offset: studies / 2, ..page.clone() }),
        ] {
            let mut times: Vec<_> = Vec::new();
            let mut found = 0;
            for _ in 0..7 {
                let start = Instant::now();
                found = qido::studies(&bench.db, &query).await.unwrap().len();
                times.push(start.elapsed());
            }
            times.sort();
            println!("{studies:>7} studies, {what:<18} {found:>4} found, median {:?}", times[3]);
        }
        let under = page.clone().with(Attribute::StudyInstanceUid, equal("2.25.4242"));
        let start = Instant::now();
        let (series, instances) = (
            qido::series(&bench.db, &under).await.unwrap(),
            qido::instances(&bench.db, &under).await.unwrap(),
        );
        println!(
            "{studies:>7} studies, series and instances of one: {} {} {:?}",
            series.len(),
            instances.len(),
            start.elapsed()
        );
        let start = Instant::now();
        let all = qido::instances(&bench.db, &page).await.unwrap();
        println!("{studies:>7} studies, first page of all instances: {} {:?}", all.len(), start.elapsed());
    }
}
