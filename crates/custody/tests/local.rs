//! What rests at the edge opens with the edge's key, for its purpose and place.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod support;

use sumgil_custody::{CustodyError, LocalKey, Secret, local::Cell};
use support::{pattern, rng};

fn key() -> LocalKey {
    LocalKey::from_bytes([5; 32])
}

#[test]
fn blobs_of_any_size_open_for_their_purpose_and_name() {
    for size in [0, 1, 65536, 65537, 3_000_000] {
        let plain = pattern(size);
        let sealed = key().encrypt("hold", "a1", &plain, &mut rng(1)).unwrap();
        assert_eq!(key().decrypt("hold", "a1", &sealed).unwrap(), plain, "{size}");
    }
    let sealed = key().encrypt("hold", "a1", b"x", &mut rng(1)).unwrap();
    for (purpose, name) in [("quarantine", "a1"), ("hold", "a2"), ("holda", "1")] {
        assert_eq!(key().decrypt(purpose, name, &sealed).unwrap_err(), CustodyError::WrongKeyOrContext);
    }
    assert!(LocalKey::from_bytes([6; 32]).decrypt("hold", "a1", &sealed).is_err());
}

#[test]
fn altered_and_truncated_blobs_are_noticed() {
    let sealed = key().encrypt("hold", "a1", &pattern(100_000), &mut rng(2)).unwrap();
    for at in [0, 8, 20, 40, 70, 96, 70_000, sealed.len() - 1] {
        let mut altered = sealed.clone();
        altered[at] ^= 0x40;
        assert!(key().decrypt("hold", "a1", &altered).is_err(), "{at}");
        assert!(key().decrypt("hold", "a1", &sealed[..at]).is_err(), "{at}");
    }
}

#[test]
fn a_local_blob_is_no_object_and_the_reverse() {
    let blob = key().encrypt("hold", "a1", b"x", &mut rng(3)).unwrap();
    let as_object = sumgil_custody::open(&blob, &support::context(), &support::key(5));
    assert!(matches!(as_object, Err(CustodyError::NotSealed(_))));
}

#[test]
fn small_values_open_in_their_own_cell() {
    let cell = Cell { table: "patient", row: "17", column: "name" };
    let sealed = key().encrypt_row(cell, "홍길동".as_bytes(), &mut rng(4)).unwrap();
    assert_eq!(sealed.len(), "홍길동".len() + 29);
    assert_eq!(key().decrypt_row(cell, &sealed).unwrap().as_slice(), "홍길동".as_bytes());
    for other in
        [Cell { table: "subject", ..cell }, Cell { row: "18", ..cell }, Cell { column: "address", ..cell }]
    {
        assert_eq!(key().decrypt_row(other, &sealed).unwrap_err(), CustodyError::Altered, "{other:?}");
    }
    for at in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert!(key().decrypt_row(cell, &altered).is_err(), "{at}");
        assert!(key().decrypt_row(cell, &sealed[..at]).is_err(), "{at}");
    }
}

#[test]
fn fingerprints_find_equals_within_one_key_and_purpose() {
    let fingerprint = key().fingerprint("patient-id", b"12345");
    assert_eq!(fingerprint, key().fingerprint("patient-id", b"12345"));
    assert_ne!(fingerprint, key().fingerprint("patient-id", b"12346"));
    assert_ne!(fingerprint, key().fingerprint("accession", b"12345"));
    assert_ne!(fingerprint, LocalKey::from_bytes([6; 32]).fingerprint("patient-id", b"12345"));
}
