//! Lengths that promise more than there is.

use sumgil_dicom::{Limits, read_data_set};
use sumgil_model::Uid;

use crate::build::{BIG, EXPLICIT, IMPLICIT};

/// Most memory that refusing a promise may take, in kilobytes.
const ALLOWED_KB: u64 = 16 << 10;

fn peak_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn four_gigabytes_are_promised_and_none_is_allocated() {
    let head = b"\x08\0\x05\0CS\0\0";
    let promises: [(&str, &[u8]); 9] = [
        (EXPLICIT, b"\xE0\x7F\x10\0OW\0\0\xFE\xFF\xFF\xFF\x01\x02"),
        (EXPLICIT, b"\x10\0\x10\0UT\0\0\xFE\xFF\xFF\xFFab"),
        (EXPLICIT, b"\x08\0\x40\x11SQ\0\0\xFE\xFF\xFF\xFF\xFE\xFF\0\xE0\0\0\0\0"),
        (EXPLICIT, b"\x08\0\x40\x11SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\xFE\xFF\xFF\xFF"),
        (EXPLICIT, b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\xFE\xFF\xFF\xFF\x01\x02"),
        (EXPLICIT, b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF\x01\x02"),
        (EXPLICIT, b"\x29\0\x10\x10UN\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\xFE\xFF\xFF\xFF\x01\x02"),
        (IMPLICIT, b"\xE0\x7F\x10\0\xFE\xFF\xFF\xFF\x01\x02"),
        (BIG, b"\x7F\xE0\0\x10OW\0\0\xFF\xFF\xFF\xFE\x01\x02"),
    ];
    let before = peak_kb();
    for (ts, promise) in promises {
        let head: &[u8] = match ts {
            IMPLICIT => b"\x08\0\x05\0\0\0\0\0",
            BIG => b"\0\x08\0\x05CS\0\0",
            _ => head,
        };
        let bytes = [head, promise].concat();
        let refused = read_data_set(&bytes, &Uid::parse(ts).unwrap(), &Limits::default()).err();
        let code = refused.map(|one| one.code());
        assert!(matches!(code, Some("truncated" | "structure")), "{ts} {promise:?}: {code:?}");
    }
    if let (Some(before), Some(after)) = (before, peak_kb()) {
        assert!(after - before < ALLOWED_KB, "{} KB more", after - before);
    }
}

#[test]
fn an_element_cannot_leave_its_item() {
    let ts = Uid::parse(EXPLICIT).unwrap();
    // the item has 10 bytes, its element claims 4 and the item holds 2 of them
    let item = b"\x08\0\x40\x11SQ\0\0\x12\0\0\0\xFE\xFF\0\xE0\x0A\0\0\0\x08\0\x50\x11UI\x04\x001.2.";
    let code = read_data_set(item, &ts, &Limits::default()).err().map(|one| one.code());
    assert_eq!(code, Some("beyond-parent"));
}
