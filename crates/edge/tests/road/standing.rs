//! Nothing is sent without a valid approval or after a failed self-test; nothing is lost meanwhile.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use jiff::{Timestamp, civil::date};
use sumgil_edge::{Standing, self_test, serve::Server, stop_reason};
use sumgil_model::SiteId;
use sumgil_registry::store::{approvals, objects::State, self_tests};
use sumgil_transfer::statement::{Approval, LegalBasis};

use crate::{centre::Centre, site::import_within};

fn approval(until: i16) -> Approval {
    Approval {
        irb_number: "2020-03-011".into(),
        valid_from: date(2020, 3, 1),
        valid_until: date(until, 2, 28),
        basis: LegalBasis::Consent,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_that_has_ended_stops_sending_until_it_is_renewed() {
    let centre = Centre::open().await;
    let hospital = centre.hospital("hanbit").await;
    let (_, paths) = hospital.patient(61);
    let edge = hospital.edge().await;
    assert_eq!(stop_reason(&edge).await.unwrap(), None, "none entered: as before");
    edge.db.save_approval(&approval(2021), "tester").await.unwrap();
    let results = import_within(&edge, &paths, Duration::from_secs(4)).await;
    assert!(results["to_be_sent"] >= 5, "{results:?}");
    assert!(centre.objects(State::Stored).await.is_empty());
    let standing = Standing::of(&edge).await.unwrap();
    assert_eq!(standing.approval.unwrap().state, "expired");
    assert!(standing.sending_stopped.unwrap().contains("2021-02-28"));

    edge.db.save_approval(&approval(2999), "tester").await.unwrap();
    hospital.settle().await;
    assert_eq!(centre.objects(State::Stored).await.len(), results["to_be_sent"]);
    let site = SiteId::parse("hanbit").unwrap();
    let known = approvals::last(&centre.registry.db, &site).await.unwrap();
    assert_eq!(known, Some(approval(2999)), "and the centre knows it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_self_test_stops_sending_until_it_passes_or_is_overruled() {
    let centre = Centre::open().await;
    let hospital = centre.hospital("hanbit").await;
    let edge = hospital.edge().await;
    let mut failed = self_test::run(1).unwrap();
    failed.leaks.push(("name".into(), 0));
    failed.survived = 1;
    let now = Timestamp::now();
    edge.db.save_self_test(&failed.figures(now), failed.passed()).await.unwrap();
    assert!(stop_reason(&edge).await.unwrap().unwrap().contains("1 of"));
    assert!(edge.db.overrule_self_test("tester", "a false alarm").await.unwrap());
    assert!(!edge.db.overrule_self_test("tester", "again").await.unwrap());
    assert_eq!(stop_reason(&edge).await.unwrap(), None);

    edge.db.save_self_test(&failed.figures(now), false).await.unwrap();
    assert!(stop_reason(&edge).await.unwrap().is_some(), "the next failure counts again");
    let passed = self_test::run_and_keep(&edge, 2).await.unwrap();
    assert!(passed.passed() && stop_reason(&edge).await.unwrap().is_none());
    hospital.settle().await;
    let site = SiteId::parse("hanbit").unwrap();
    let series = self_tests::last(&centre.registry.db, &site, 10).await.unwrap();
    assert_eq!(series.len(), 3);
    assert_eq!((series[0].hidden, series[0].planted), (passed.planted as u64, passed.planted as u64));
    assert_eq!(series[2].hidden + 1, series[2].planted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_serving_edge_tests_itself_and_tells_the_centre() {
    let centre = Centre::open().await;
    let hospital = centre.hospital("hanbit").await;
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::start(hospital.edge().await, any, any).await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async move {
        let _ = stopped.await;
    }));
    let site = SiteId::parse("hanbit").unwrap();
    let started = Instant::now();
    let figures = loop {
        if let Some(figures) = self_tests::last(&centre.registry.db, &site, 1).await.unwrap().pop() {
            break figures;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "no self-test arrived");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert!(figures.passed(), "{figures:?}");
    let standing = Standing::of(&hospital.edge().await).await.unwrap();
    assert_eq!(standing.self_test.unwrap().hidden, figures.hidden);
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
}
