//! What hides around the data set: programs in the preamble, bombs in the deflate stream.

use std::io::Write;

use flate2::{Compression, write::DeflateEncoder};
use sumgil_dicom::{Limits, Refusal, Remedy, read, read_data_set, write};
use sumgil_model::Uid;

use crate::build::{DEFLATED, EXPLICIT, small_file};

#[test]
fn a_program_in_the_preamble_does_not_come_out_again() {
    for magic in [b"MZ\x90\0".as_slice(), b"\x7FELF", b"II*\0", b"#!/bin/sh\n"] {
        let mut bytes = small_file(EXPLICIT);
        bytes[..magic.len()].copy_from_slice(magic);
        let part = read(&bytes, &Limits::default()).unwrap();
        let again = write(&part.data_set, &part.transfer_syntax).unwrap();
        assert!(again[..128].iter().all(|byte| *byte == 0));
    }
}

#[test]
fn a_deflate_bomb_stops_at_the_limit() {
    let mut bomb = DeflateEncoder::new(Vec::new(), Compression::fast());
    bomb.write_all(b"\x08\0\x05\0CS\0\0\xE0\x7F\x10\0OW\0\0\0\0\0\x04").unwrap();
    for _ in 0..64 {
        bomb.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 1 << 20);
    let limits = Limits { max_inflated_bytes: 1 << 20, ..Limits::default() };
    let refusal = read_data_set(&bomb, &Uid::parse(DEFLATED).unwrap(), &limits).err();
    assert_eq!(refusal, Some(Refusal::InflatedTooLarge { limit: 1 << 20 }));
    assert_eq!(refusal.map(|one| one.remedy()), Some(Remedy::Operator));
}

#[test]
fn size_and_emptiness_are_told() {
    let bytes = small_file(EXPLICIT);
    let limits = Limits { max_bytes: 100, ..Limits::default() };
    assert_eq!(read(&bytes, &limits).err(), Some(Refusal::TooLarge { limit: 100 }));
    let meta_end = 144 + u32::from_le_bytes(bytes[140..144].try_into().unwrap()) as usize;
    assert_eq!(read(&bytes[..meta_end], &Limits::default()).err(), Some(Refusal::Empty));
}

#[test]
fn files_without_preamble_or_meta_are_recognised() {
    for ts in ["1.2.840.10008.1.2", EXPLICIT, "1.2.840.10008.1.2.2"] {
        let bytes = small_file(ts);
        let meta_end = 144 + u32::from_le_bytes(bytes[140..144].try_into().unwrap()) as usize;
        for (bare, had_meta) in [(&bytes[128..], true), (&bytes[132..], true), (&bytes[meta_end..], false)] {
            let part = read(bare, &Limits::default()).unwrap();
            assert_eq!(part.transfer_syntax.as_str(), ts);
            assert_eq!((part.had_preamble, part.had_meta), (false, had_meta));
            assert_eq!(part.data_set.iter().count(), 7);
        }
    }
}
