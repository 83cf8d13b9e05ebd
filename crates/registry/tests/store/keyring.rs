//! The keyring's own database.

use sumgil_registry::store::StoreError;

use crate::{
    engines::benches,
    make::{at, subject},
};

#[tokio::test]
async fn the_first_key_of_a_subject_counts_and_a_destroyed_one_is_gone() {
    for bench in benches().await {
        let keyring = bench.keyring().await;
        keyring.add_ring("ring-1", b"wrapped ring", at(0)).await.unwrap();
        assert!(matches!(keyring.add_ring("ring-1", b"other", at(1)).await, Err(StoreError::Conflict(_))));
        let first = keyring.add_subject(&subject(1), "ring-1", b"first", at(1)).await.unwrap();
        let second = keyring.add_subject(&subject(1), "ring-1", b"second", at(2)).await.unwrap();
        assert_eq!((first.wrapped.as_deref(), &second), (Some(b"first".as_slice()), &first));
        assert!(keyring.add_subject(&subject(2), "no-ring", b"x", at(1)).await.is_err());
        keyring.destroy_subject(&subject(1), at(9)).await.unwrap();
        let gone = keyring.subject(&subject(1)).await.unwrap().unwrap();
        assert_eq!((gone.wrapped, gone.destroyed_at), (None, Some(at(9))));
        assert!(matches!(keyring.destroy_subject(&subject(1), at(10)).await, Err(StoreError::NotFound(_))));
    }
}

#[tokio::test]
async fn rings_are_retired_and_rewrapped_and_survive_a_reopening() {
    for bench in benches().await {
        {
            let keyring = bench.keyring().await;
            keyring.add_ring("ring-1", b"one", at(0)).await.unwrap();
            keyring.retire_ring("ring-1", at(3)).await.unwrap();
            keyring.rewrap_ring("ring-1", b"uno").await.unwrap();
            keyring.add_ring("ring-2", b"two", at(4)).await.unwrap();
        }
        let rings = bench.keyring().await.rings().await.unwrap();
        assert_eq!(rings.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["ring-1", "ring-2"]);
        assert_eq!((rings[0].wrapped.as_slice(), rings[0].retired_at), (b"uno".as_slice(), Some(at(3))));
        assert_eq!(bench.keyring().await.ring("ring-2").await.unwrap().unwrap().wrapped, b"two");
    }
}
