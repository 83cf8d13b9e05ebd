//! The audit log's rows.

use sumgil_registry::store::audit::{self, AuditLink};

use crate::{
    engines::benches,
    make::{at, chain},
};

#[tokio::test]
async fn lines_are_numbered_from_zero_and_paged_in_order() {
    for bench in benches().await {
        assert_eq!(audit::head(&bench.db).await.unwrap().next_sequence, 0);
        for number in 0..5_u64 {
            let sequence = bench
                .db
                .write(move |tx| {
                    Box::pin(async move {
                        audit::append(tx, |head| {
                            Ok(AuditLink {
                                at: at(number as i64),
                                line: format!("{{\"n\":{number}}}"),
                                hash: chain(head),
                            })
                        })
                        .await
                    })
                })
                .await
                .unwrap();
            assert_eq!(sequence, number);
        }
        let page = audit::page(&bench.db, 3, 2).await.unwrap();
        assert_eq!(page.iter().map(|l| l.sequence).collect::<Vec<_>>(), [3, 4]);
        assert_eq!((page[0].line.as_str(), page[0].at), ("{\"n\":3}", at(3)));
    }
}
