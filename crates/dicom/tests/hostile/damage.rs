//! Files cut short, altered, or never DICOM at all.

use proptest::prelude::*;
use sumgil_dicom::{Limits, read, read_data_set, read_without_pixels, screen};
use sumgil_model::Uid;

use crate::build::{BIG, DEFLATED, EXPLICIT, IMPLICIT, small_file};

#[test]
fn a_file_cut_at_any_byte_is_refused_or_whole_up_to_there() {
    for ts in [IMPLICIT, EXPLICIT, BIG, DEFLATED] {
        let whole = small_file(ts);
        let elements = read(&whole, &Limits::default()).unwrap().data_set.iter().count();
        let mut shorter = 0;
        for end in 0..whole.len() {
            match read(&whole[..end], &Limits::default()) {
                Ok(part) => {
                    let found = part.data_set.iter().count();
                    assert!(found <= elements, "{ts} {end}");
                    shorter += usize::from(found < elements);
                }
                Err(refusal) => {
                    let code = refusal.code();
                    let expected = ["not-dicom", "truncated", "empty", "deflate"];
                    assert!(expected.contains(&code), "{ts} {end}: {code}");
                }
            }
        }
        // only a cut between two elements, or behind zeros that look like padding, can pass for an end
        assert!(shorter <= 2 * elements, "{ts}: {shorter}");
    }
}

#[test]
fn other_files_are_not_dicom() {
    let others: [&[u8]; 7] = [
        b"",
        b"D",
        b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj",
        b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01",
        b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01",
        b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0",
        b"patient,name\r\n1,Hong\r\n",
    ];
    for other in others {
        assert_eq!(read(other, &Limits::default()).err().map(|one| one.code()), Some("not-dicom"));
    }
    let zeros = vec![0_u8; 4096];
    assert_eq!(read(&zeros, &Limits::default()).err().map(|one| one.code()), Some("not-dicom"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = read(&bytes, &Limits::default());
        for ts in [IMPLICIT, EXPLICIT, BIG, DEFLATED] {
            let _ = read_data_set(&bytes, &Uid::parse(ts).unwrap(), &Limits::default());
        }
    }

    #[test]
    fn what_the_screen_passes_the_parser_takes(
        ts in prop::sample::select(vec![IMPLICIT, EXPLICIT, BIG]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        swap in any::<bool>(),
    ) {
        let mut bytes = small_file(ts);
        for (index, byte) in changes {
            // in the data set more often than in the preamble
            let at = 132 + index.index(bytes.len() - 132);
            bytes[at] = if swap { bytes[at] ^ byte } else { [0, 0xFF, 0xFE, 0xE0, b'S', b'Q', b'U', b'N'][usize::from(byte) % 8] };
        }
        let limits = Limits::default();
        let screened = screen(&bytes, &limits).map(|_| ());
        let whole = read(&bytes, &limits);
        if let Err(refusal) = &whole {
            prop_assert_ne!(refusal.code(), "parser");
        }
        if screened.is_err() {
            prop_assert_eq!(whole.err(), screened.err());
        } else {
            prop_assert_eq!(read_without_pixels(&bytes, &limits).is_ok(), whole.is_ok());
        }
    }
}
