//! A search of finished bytes for a patient, independent of the one that the program does.

use encoding_rs::EUC_KR;

use crate::person::Person;

/// The first spelling of the patient that stands in `bytes`, in any encoding.
pub(crate) fn found(person: &Person, bytes: &[u8]) -> Option<String> {
    let lower = bytes.to_ascii_lowercase();
    let compact = format!("{}{}", &person.birth[..4], &person.birth[4..]);
    let spellings = person.spellings().into_iter().chain([person.pn(), compact]);
    spellings.into_iter().find(|spelling| encodings(spelling).iter().any(|needle| contains(&lower, needle)))
}

fn encodings(text: &str) -> Vec<Vec<u8>> {
    let lower = text.to_lowercase();
    let (korean, _, failed) = EUC_KR.encode(&lower);
    let wide: Vec<u8> = lower.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut all = vec![lower.as_bytes().to_vec(), wide];
    if !failed {
        all.push(korean.into_owned());
    }
    all
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
