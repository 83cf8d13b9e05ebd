//! Code extension by escapes (ISO 2022, PS3.5 section 6.1.2.5).

use encoding_rs::{EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS};

use super::decode::decode_run;

/// The escape character.
pub(super) const ESCAPE: u8 = 0x1B;

/// What stands in the lower half of the code table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lower {
    Ascii,
    /// Half-width katakana (JIS X 0201).
    Katakana,
    /// Kanji in two bytes (JIS X 0208).
    Kanji,
    /// Supplementary kanji in two bytes (JIS X 0212).
    Supplement,
}

enum Designation {
    Lower(Lower),
    Upper(&'static Encoding),
}

/// Decodes bytes with escapes; `initial` is what the first value of Specific Character Set puts in the upper half.
pub(super) fn decode(bytes: &[u8], initial: Option<&'static Encoding>) -> String {
    let mut text = String::with_capacity(bytes.len());
    let (mut lower, mut upper) = (Lower::Ascii, initial);
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        if *first == ESCAPE {
            let (designation, length) = designation(rest);
            match designation {
                Some(Designation::Lower(set)) => lower = set,
                Some(Designation::Upper(encoding)) => upper = Some(encoding),
                None => {}
            }
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        let is_run = |byte: &u8| *byte != ESCAPE && (lower != Lower::Ascii || !is_delimiter(*byte));
        let length = rest.iter().take_while(|byte| is_run(byte)).count();
        let (run, tail) = rest.split_at(length);
        push_run(&mut text, run, lower, upper);
        rest = tail;
        if let Some(delimiter) = rest.first().filter(|byte| **byte != ESCAPE) {
            text.push(char::from(*delimiter));
            (lower, upper) = (Lower::Ascii, initial);
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    text
}

/// Where the initial sets come back (PS3.5 6.1.2.5.3).
fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'\\' | b'^' | b'=' | b'\t' | b'\n' | 0x0C | b'\r')
}

fn push_run(text: &mut String, run: &[u8], lower: Lower, upper: Option<&'static Encoding>) {
    let high = |byte: &u8| byte | 0x80;
    let japanese = |bytes: Vec<u8>, encoding| decode_run(&bytes, Some(encoding));
    match lower {
        Lower::Ascii => text.push_str(&decode_run(run, upper)),
        Lower::Katakana => text.push_str(&japanese(run.iter().map(high).collect(), SHIFT_JIS)),
        Lower::Kanji => text.push_str(&japanese(run.iter().map(high).collect(), EUC_JP)),
        Lower::Supplement => {
            let three_bytes =
                |pair: &[u8]| std::iter::once(0x8F).chain(pair.iter().map(high)).collect::<Vec<_>>();
            text.push_str(&japanese(run.chunks(2).flat_map(three_bytes).collect(), EUC_JP));
        }
    }
}

/// The designation at the start of `rest`, and how many bytes it takes; an unknown escape takes one.
fn designation(rest: &[u8]) -> (Option<Designation>, usize) {
    use Designation::{Lower as Low, Upper};
    let after = rest.get(1..).unwrap_or_default();
    let known: [(&[u8], Designation); 20] = [
        (b"(B", Low(Lower::Ascii)),
        (b"(J", Low(Lower::Ascii)),
        (b"(I", Low(Lower::Katakana)),
        (b"$@", Low(Lower::Kanji)),
        (b"$B", Low(Lower::Kanji)),
        (b"$(D", Low(Lower::Supplement)),
        (b")I", Upper(SHIFT_JIS)),
        (b"$)C", Upper(EUC_KR)),
        (b"$)A", Upper(GBK)),
        (b"-A", Upper(encoding_rs::WINDOWS_1252)),
        (b"-B", Upper(encoding_rs::ISO_8859_2)),
        (b"-C", Upper(encoding_rs::ISO_8859_3)),
        (b"-D", Upper(encoding_rs::ISO_8859_4)),
        (b"-F", Upper(encoding_rs::ISO_8859_7)),
        (b"-G", Upper(encoding_rs::ISO_8859_6)),
        (b"-H", Upper(encoding_rs::ISO_8859_8)),
        (b"-L", Upper(encoding_rs::ISO_8859_5)),
        (b"-M", Upper(encoding_rs::WINDOWS_1254)),
        (b"-T", Upper(encoding_rs::WINDOWS_874)),
        (b"-b", Upper(encoding_rs::ISO_8859_15)),
    ];
    let found = known.into_iter().find(|(code, _)| after.starts_with(code));
    found.map_or((None, 1), |(code, designation)| (Some(designation), 1 + code.len()))
}
