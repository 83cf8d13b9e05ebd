//! What sites state about themselves: the newest counts, and equal tokens meet.

use jiff::civil::date;
use sumgil_model::LinkageToken;
use sumgil_registry::store::{approvals, linkage, self_tests};
use sumgil_transfer::statement::{Approval, LegalBasis, Linkage, LinkedSubject, SelfTestFigures};

use crate::{
    engines::benches,
    make::{at, furnish, site, subject},
};

fn linked(subject_number: u64, token: u8) -> Linkage {
    let token = LinkageToken::from_bytes([token; 16]);
    Linkage {
        secret_id: LinkageToken::from_bytes([1; 16]),
        subjects: vec![LinkedSubject { subject: subject(subject_number), token }],
    }
}

#[tokio::test]
async fn equal_tokens_meet_across_sites_and_a_newer_token_replaces_an_older() {
    for bench in benches().await {
        furnish(&bench.db).await;
        let set = async |code: &str, number: u64, linkage: Linkage| {
            let site = site(code);
            let write = bench.db.write(move |tx| {
                Box::pin(async move { linkage::set(tx, &site, number, &linkage, at(1)).await })
            });
            write.await.unwrap();
        };
        set("hosp-01", 1, linked(1, 7)).await;
        set("hosp-02", 1, linked(2, 8)).await;
        assert_eq!(linkage::groups(&bench.db).await.unwrap(), []);
        set("hosp-02", 3, linked(2, 7)).await;
        set("hosp-02", 2, linked(2, 8)).await;
        let groups = linkage::groups(&bench.db).await.unwrap();
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].subjects, [(site("hosp-01"), subject(1)), (site("hosp-02"), subject(2))]);
        let rotated = Linkage { secret_id: LinkageToken::from_bytes([2; 16]), ..linked(2, 7) };
        set("hosp-02", 4, rotated).await;
        assert_eq!(linkage::groups(&bench.db).await.unwrap(), [], "different secrets are never compared");
    }
}

#[tokio::test]
async fn the_last_approval_and_the_last_self_tests_are_told() {
    for bench in benches().await {
        furnish(&bench.db).await;
        let site = site("hosp-01");
        assert_eq!(approvals::last(&bench.db, &site).await.unwrap(), None);
        for (number, year) in [(2, 2022), (1, 2021)] {
            let (of, approval) = (site.clone(), approval(year));
            let figures = figures(number);
            let write = bench.db.write(move |tx| {
                Box::pin(async move {
                    approvals::add(tx, &of, number, &approval, at(1)).await?;
                    self_tests::add(tx, &of, number, &figures).await
                })
            });
            write.await.unwrap();
        }
        assert_eq!(approvals::last(&bench.db, &site).await.unwrap(), Some(approval(2022)));
        let tests = self_tests::last(&bench.db, &site, 5).await.unwrap();
        assert_eq!(tests, [figures(2), figures(1)]);
    }
}

fn approval(year: i16) -> Approval {
    Approval {
        irb_number: format!("{year}-03-011"),
        valid_from: date(year, 3, 1),
        valid_until: date(year + 1, 2, 28),
        basis: LegalBasis::Consent,
    }
}

fn figures(number: u64) -> SelfTestFigures {
    SelfTestFigures {
        ran_at: at(i64::try_from(number).unwrap()),
        profile: "sumgil-default-1".into(),
        software: "sumgil-edge 0.1.0".into(),
        files: 9,
        cleared: 8,
        kept: 1,
        planted: 40,
        hidden: 40 - number,
        should_stay: 100,
        stayed: 100,
    }
}
