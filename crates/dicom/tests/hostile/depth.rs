//! Sequences as deep as one likes.

use sumgil_dicom::{Limits, read_data_set, screen_data_set};
use sumgil_model::Uid;

use crate::build::Form;

const FORMS: [Form; 5] = [Form::Implicit, Form::Explicit, Form::Big, Form::Unknown, Form::Private];

/// A stack so small that any recursion over the input would end the process.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap().join().unwrap();
}

#[test]
fn sixteen_levels_are_read() {
    for form in FORMS {
        // a private element of defined length is bytes until somebody finds items in it
        for defined in [false, true] {
            let bytes = form.nested(16, defined);
            let read = read_data_set(&bytes, &Uid::parse(form.ts()).unwrap(), &Limits::default());
            assert_eq!(read.err(), None, "{form:?} {defined}");
        }
    }
}

#[test]
fn deeper_ones_are_refused_however_deep() {
    on_a_small_stack(|| {
        for form in FORMS {
            for defined in [false, true] {
                for depth in [17, 18, 100, 5_000, 200_000] {
                    let bytes = form.nested(depth, defined);
                    let ts = Uid::parse(form.ts()).unwrap();
                    let read = read_data_set(&bytes, &ts, &Limits::default());
                    assert_eq!(
                        read.err().map(|one| one.code()),
                        Some("nested-too-deep"),
                        "{form:?} {defined} {depth}"
                    );
                    let screened = screen_data_set(&bytes, &ts, &Limits::default());
                    let hidden = defined && matches!(form, Form::Unknown | Form::Private);
                    assert_eq!(screened.is_ok(), hidden, "{form:?} {defined} {depth}");
                }
            }
        }
    });
}

#[test]
fn counts_are_bounded() {
    let limits = Limits { max_elements: 1000, max_values: 1000, ..Limits::default() };
    let ts = Uid::parse("1.2.840.10008.1.2.1").unwrap();
    let code = |bytes: &[u8]| read_data_set(bytes, &ts, &limits).err().map(|one| one.code());
    let mut items = b"\x08\0\x40\x11SQ\0\0\xFF\xFF\xFF\xFF".to_vec();
    items.extend(b"\xFE\xFF\0\xE0\0\0\0\0".repeat(2000));
    items.extend(b"\xFE\xFF\xDD\xE0\0\0\0\0");
    assert_eq!(code(&items), Some("too-many-elements"));
    assert_eq!(code(&b"\x08\0\x05\0CS\0\0".repeat(2000)), Some("too-many-elements"));
    let mut values = b"\x08\0\x08\0CS\xD0\x07".to_vec();
    values.extend(b"\\".repeat(2000));
    assert_eq!(code(&values), Some("too-many-values"));
    let mut fragments = b"\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF".to_vec();
    fragments.extend(b"\xFE\xFF\0\xE0\0\0\0\0".repeat(2000));
    fragments.extend(b"\xFE\xFF\xDD\xE0\0\0\0\0");
    let mut with_head = b"\x08\0\x05\0CS\0\0".to_vec();
    with_head.extend(fragments);
    assert_eq!(code(&with_head), Some("too-many-elements"));
}
