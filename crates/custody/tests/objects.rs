//! Sealed objects from outside: what goes in comes out, and nothing else does.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod support;

use proptest::prelude::*;
use sumgil_custody::{
    CustodyError, ObjectContext, ObjectKind, ObjectReader, PREFIX_BYTES, digest_of, open, open_range,
    plain_size, seal, sealed_size,
};
use sumgil_model::{SiteId, SubjectId};
use support::{context, key, pattern, rng};

const CHUNK: usize = 65536;
/// Sizes around every edge of the chunking.
const SIZES: [usize; 10] =
    [0, 1, 15, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1, 5 * CHUNK + 77];

fn sealed(size: usize) -> Vec<u8> {
    seal::<()>(&pattern(size), &context(), &key(1), &mut rng(size as u64)).unwrap().into_bytes()
}

fn opened(bytes: &[u8]) -> Result<Vec<u8>, CustodyError> {
    open(bytes, &context(), &key(1))
}

#[test]
fn every_size_round_trips_and_has_one_sealed_size() {
    for size in SIZES {
        let bytes = sealed(size);
        assert_eq!(bytes.len() as u64, sealed_size(size as u64), "{size}");
        assert_eq!(plain_size(bytes.len() as u64).unwrap(), size as u64);
        assert_eq!(opened(&bytes).unwrap(), pattern(size), "{size}");
    }
}

#[test]
fn the_name_is_the_digest_of_all_bytes() {
    let object = seal::<()>(&pattern(CHUNK + 9), &context(), &key(1), &mut rng(1)).unwrap();
    assert_eq!(*object.digest(), digest_of(object.bytes()));
    assert_eq!(*object.context(), context());
}

#[test]
fn sealing_twice_shows_nothing_in_common() {
    let one = seal::<()>(b"same", &context(), &key(1), &mut rng(1)).unwrap();
    let two = seal::<()>(b"same", &context(), &key(1), &mut rng(2)).unwrap();
    assert_ne!(one.digest(), two.digest());
    assert_ne!(one.bytes()[PREFIX_BYTES..], two.bytes()[PREFIX_BYTES..]);
}

#[test]
fn only_the_same_context_opens() {
    let bytes = sealed(100);
    let others = [
        ObjectContext { site: SiteId::parse("hosp-02").unwrap(), ..context() },
        ObjectContext { subject: SubjectId::from_bytes([1; 10]), ..context() },
        ObjectContext { uid: "2.25.1".to_owned(), ..context() },
        ObjectContext { kind: ObjectKind::Clinical, ..context() },
        ObjectContext { profile: "sumgil-default-2".to_owned(), ..context() },
    ];
    for other in others {
        let refused = open(&bytes, &other, &key(1)).unwrap_err();
        assert_eq!(refused, CustodyError::WrongKeyOrContext, "{other:?}");
    }
}

#[test]
fn only_the_same_key_opens() {
    assert_eq!(open(&sealed(5), &context(), &key(2)).unwrap_err(), CustodyError::WrongKeyOrContext);
}

#[test]
fn what_is_no_object_is_said_to_be_none() {
    for length in 0..PREFIX_BYTES + 16 {
        let bytes = &sealed(0)[..length];
        assert!(opened(bytes).is_err(), "{length}");
    }
    let mut other = sealed(3);
    other[9] = 2;
    assert_eq!(opened(&other).unwrap_err(), CustodyError::UnknownFormat { format: 1, algorithm: 2 });
    let mut reserved = sealed(3);
    reserved[12] = 1;
    assert!(matches!(opened(&reserved).unwrap_err(), CustodyError::NotSealed(_)));
}

#[test]
fn truncation_at_any_chunk_and_anything_appended_is_noticed() {
    let bytes = sealed(3 * CHUNK);
    let chunk = CHUNK + 16;
    for end in [
        PREFIX_BYTES + 16,
        PREFIX_BYTES + chunk,
        PREFIX_BYTES + 2 * chunk,
        PREFIX_BYTES + 2 * chunk + 17,
        bytes.len() - 1,
    ] {
        assert_eq!(opened(&bytes[..end]).unwrap_err(), CustodyError::Altered, "{end}");
    }
    for more in [1, 16, 17, chunk] {
        let mut longer = bytes.clone();
        longer.resize(bytes.len() + more, 0);
        assert_eq!(opened(&longer).unwrap_err(), CustodyError::Altered, "{more}");
    }
}

#[test]
fn chunks_cannot_change_places_within_or_between_objects() {
    let bytes = sealed(3 * CHUNK);
    let (chunk, body) = (CHUNK + 16, PREFIX_BYTES);
    let mut swapped = bytes.clone();
    swapped[body..body + chunk].copy_from_slice(&bytes[body + chunk..body + 2 * chunk]);
    swapped[body + chunk..body + 2 * chunk].copy_from_slice(&bytes[body..body + chunk]);
    assert_eq!(opened(&swapped).unwrap_err(), CustodyError::Altered);
    let other = seal::<()>(&pattern(3 * CHUNK), &context(), &key(1), &mut rng(99)).unwrap();
    let mut mixed = bytes;
    mixed[body..body + chunk].copy_from_slice(&other.bytes()[body..body + chunk]);
    assert_eq!(opened(&mixed).unwrap_err(), CustodyError::Altered);
}

#[test]
fn a_reader_names_and_opens_only_the_chunks_it_needs() {
    let bytes = sealed(5 * CHUNK + 77);
    let reader = ObjectReader::new(&bytes[..PREFIX_BYTES], bytes.len() as u64, &context(), &key(1)).unwrap();
    let range = (CHUNK as u64 + 10)..(2 * CHUNK as u64 + 1);
    let wanted = reader.sealed_range(&range).unwrap();
    assert_eq!(wanted.end - wanted.start, 2 * (CHUNK as u64 + 16));
    let part = &bytes[wanted.start as usize..wanted.end as usize];
    let plain = reader.open_range(&range, part).unwrap();
    assert_eq!(plain, pattern(5 * CHUNK + 77)[range.start as usize..range.end as usize]);
    assert_eq!(reader.open_range(&range, &part[1..]).unwrap_err(), CustodyError::Altered);
}

#[test]
fn ranges_outside_are_refused_with_the_size() {
    let bytes = sealed(10);
    let outside = CustodyError::Range { size_bytes: 10 };
    assert_eq!(open_range(&bytes, 5..11, &context(), &key(1)).unwrap_err(), outside);
    #[allow(clippy::reversed_empty_ranges, reason = "that is what is tried")]
    let reversed = 7..6;
    assert_eq!(open_range(&bytes, reversed, &context(), &key(1)).unwrap_err(), outside);
    assert_eq!(open_range(&sealed(0), 0..0, &context(), &key(1)).unwrap(), b"");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_range_is_that_part_of_the_whole(
        size in prop::sample::select(SIZES.to_vec()),
        ends in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
    ) {
        let (a, b) = (ends.0.index(size + 1), ends.1.index(size + 1));
        let (start, end) = (a.min(b), a.max(b));
        let part = open_range(&sealed(size), start as u64..end as u64, &context(), &key(1)).unwrap();
        prop_assert_eq!(part, &pattern(size)[start..end]);
    }

    #[test]
    fn any_flipped_bit_is_noticed(
        size in prop::sample::select(SIZES.to_vec()),
        at in any::<prop::sample::Index>(),
        bit in 0u32..8,
    ) {
        let mut bytes = sealed(size);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(opened(&bytes).is_err());
    }

    #[test]
    fn arbitrary_bytes_never_open_and_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut bytes = bytes;
        prop_assert!(opened(&bytes).is_err());
        let start = sealed(0);
        let n = bytes.len().min(16);
        bytes[..n].copy_from_slice(&start[..n]);
        prop_assert!(opened(&bytes).is_err());
    }
}
