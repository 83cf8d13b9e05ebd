//! Sites, users, tokens, protocols, settings.

use sumgil_registry::store::{
    StoreError, protocols, settings, sites,
    tokens::{self, Holder},
    users,
};

use crate::{
    engines::{Bench, benches},
    make::{at, furnish, protocol, protocol_id, site},
};

async fn holder(bench: &Bench, hash: &[u8], second: i64) -> Option<Holder> {
    tokens::holder(&bench.db, hash, at(second)).await.unwrap()
}

#[tokio::test]
async fn sites_and_protocols_are_found_again_and_their_codes_are_unique() {
    for bench in benches().await {
        furnish(&bench.db).await;
        let taken = bench
            .db
            .write(|tx| Box::pin(async move { sites::add(tx, &site("hosp-01"), "again", at(1)).await }));
        assert!(matches!(taken.await, Err(StoreError::Conflict(_))));
        assert_eq!(sites::list(&bench.db).await.unwrap().len(), 2);
        assert_eq!(protocols::find(&bench.db, &protocol_id()).await.unwrap(), Some(protocol()));
        assert_eq!(protocols::of_site(&bench.db, &site("hosp-02")).await.unwrap(), [protocol()]);
        assert_eq!(protocols::sites(&bench.db, &protocol_id()).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn an_enrolment_token_works_once_and_not_after_its_time() {
    for bench in benches().await {
        furnish(&bench.db).await;
        let redeemed = bench
            .db
            .write(|tx| {
                Box::pin(async move {
                    tokens::add_enrol_token(tx, b"fresh", &site("hosp-01"), at(0), at(100)).await?;
                    tokens::add_enrol_token(tx, b"stale", &site("hosp-01"), at(0), at(5)).await?;
                    let mut answers = Vec::new();
                    for hash in [b"fresh", b"fresh", b"stale", b"wrong"] {
                        answers.push(tokens::redeem_enrol_token(tx, hash, at(10)).await?);
                    }
                    sites::enrolled(tx, &site("hosp-01"), b"key", at(10)).await?;
                    Ok(answers)
                })
            })
            .await
            .unwrap();
        assert_eq!(redeemed, [Some(site("hosp-01")), None, None, None]);
        let enrolled = sites::find(&bench.db, &site("hosp-01")).await.unwrap().unwrap();
        assert_eq!((enrolled.edge_key, enrolled.enrolled_at), (Some(b"key".to_vec()), Some(at(10))));
    }
}

#[tokio::test]
async fn a_credential_opens_until_it_expires_is_revoked_or_its_holder_is_gone() {
    for bench in benches().await {
        furnish(&bench.db).await;
        bench
            .db
            .write(|tx| {
                Box::pin(async move {
                    users::add(tx, "kim", "reader", Some(&site("hosp-02")), at(0)).await?;
                    tokens::add_for_user(tx, b"user", "kim", "laptop", at(0), Some(at(50))).await?;
                    tokens::add_for_site(tx, b"edge", &site("hosp-01"), "edge", at(0), None).await?;
                    tokens::add_for_site(tx, b"edge-2", &site("hosp-02"), "edge", at(0), None).await
                })
            })
            .await
            .unwrap();
        let kim = Holder::User { name: "kim".into(), role: "reader".into(), site: Some(site("hosp-02")) };
        assert_eq!(holder(&bench, b"user", 49).await, Some(kim));
        assert_eq!(holder(&bench, b"user", 50).await, None, "expired");
        assert_eq!(holder(&bench, b"unknown", 1).await, None);
        assert_eq!(holder(&bench, b"edge", 1).await, Some(Holder::Site(site("hosp-01"))));
        bench
            .db
            .write(|tx| {
                Box::pin(async move {
                    users::disable(tx, "kim", at(2)).await?;
                    assert_eq!(tokens::revoke_of_site(tx, &site("hosp-01"), at(2)).await?, 1);
                    sites::close(tx, &site("hosp-02"), at(2)).await
                })
            })
            .await
            .unwrap();
        for hash in [b"user".as_slice(), b"edge", b"edge-2"] {
            assert_eq!(holder(&bench, hash, 3).await, None);
        }
        assert_eq!(users::list(&bench.db).await.unwrap()[0].disabled_at, Some(at(2)));
    }
}

#[tokio::test]
async fn a_setting_is_replaced() {
    for bench in benches().await {
        bench
            .db
            .write(|tx| {
                Box::pin(async move {
                    settings::set(tx, "name", "one").await?;
                    settings::set(tx, "name", "two").await
                })
            })
            .await
            .unwrap();
        assert_eq!(settings::get(&bench.db, "name").await.unwrap().as_deref(), Some("two"));
    }
}
