//! Uploads under way.

use sumgil_registry::store::{
    StoreError,
    uploads::{self, Upload},
};

use crate::{
    engines::{Bench, benches},
    make::{at, digest, furnish, site},
};

async fn begin(bench: &Bench, code: &'static str, size_bytes: u64) -> Result<Upload, StoreError> {
    bench
        .db
        .write(move |tx| {
            Box::pin(
                async move { uploads::begin(tx, &digest(1), &site(code), "{}", size_bytes, at(1)).await },
            )
        })
        .await
}

async fn advance(bench: &Bench, from: u64, to: u64) -> Result<(), StoreError> {
    bench
        .db
        .write(move |tx| Box::pin(async move { uploads::advance(tx, &digest(1), from, to, at(5)).await }))
        .await
}

#[tokio::test]
async fn an_upload_goes_on_where_its_durable_bytes_end() {
    for bench in benches().await {
        furnish(&bench.db).await;
        assert_eq!(begin(&bench, "hosp-01", 100).await.unwrap().offset_bytes, 0);
        advance(&bench, 0, 40).await.unwrap();
        assert_eq!(begin(&bench, "hosp-01", 100).await.unwrap().offset_bytes, 40);
        assert!(matches!(advance(&bench, 0, 60).await, Err(StoreError::Conflict(_))), "a part sent twice");
        assert!(matches!(begin(&bench, "hosp-01", 101).await, Err(StoreError::Conflict(_))));
        assert!(matches!(begin(&bench, "hosp-02", 100).await, Err(StoreError::Conflict(_))));
        assert_eq!(uploads::stale(&bench.db, at(6), 10).await.unwrap().len(), 1);
        assert_eq!(uploads::stale(&bench.db, at(5), 10).await.unwrap().len(), 0);
        bench
            .db
            .write(|tx| Box::pin(async move { uploads::reset(tx, &digest(1), 0, at(7)).await }))
            .await
            .unwrap();
        assert_eq!(uploads::find(&bench.db, &digest(1)).await.unwrap().unwrap().offset_bytes, 0);
    }
}
