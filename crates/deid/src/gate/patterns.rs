//! From identifiers to the patterns of the two searches: words-read texts, and bytes.

use std::collections::BTreeSet;

use crate::{
    descriptors::naming_places,
    identifiers::{PatientIdentifiers, date_spellings, name_spellings, normal, short_spellings},
};

/// What the text search looks for.
#[derive(Default)]
pub(crate) struct TextPatterns {
    /// In words-read text, names and numbers: neighbours must not continue the word or number.
    pub(crate) words: BTreeSet<String>,
    /// In words-read text, institutions and addresses: neighbours must not continue the word.
    pub(crate) phrases: BTreeSet<String>,
    /// In words-read text, dates: may be followed by a time of day.
    pub(crate) dates: BTreeSet<String>,
    /// In digits-read text: 7 digits and more.
    pub(crate) digits: BTreeSet<String>,
}

/// Digits from which a number is searched across separators.
const DIGITS: usize = 7;

impl TextPatterns {
    pub(crate) fn of(known: &PatientIdentifiers) -> Self {
        let mut out = Self::default();
        known.names.iter().for_each(|name| out.words.extend(name_spellings(name)));
        known.numbers.iter().for_each(|number| out.add_number(number));
        out.words.extend(known.uids.iter().map(|uid| normal::words(uid)));
        out.phrases.extend(naming_places(known).map(|phrase| normal::words(phrase)));
        for date in known.births.iter().chain(&known.dates) {
            for spelling in date_spellings(*date) {
                if spelling.bytes().all(|b| b.is_ascii_digit()) {
                    out.digits.insert(spelling.clone());
                }
                out.dates.insert(spelling);
            }
        }
        known.births.iter().for_each(|date| out.dates.extend(short_spellings(*date)));
        out.words.remove("");
        out.phrases.remove("");
        out
    }

    fn add_number(&mut self, number: &str) {
        let words = normal::words(number);
        let digits: String = words.chars().filter(char::is_ascii_digit).collect();
        let letters = words.chars().any(char::is_alphabetic);
        if !letters && digits.len() >= DIGITS {
            self.digits.insert(international(&digits));
            self.digits.insert(digits.clone());
        }
        if letters {
            self.words.insert(words.replace(' ', ""));
            if digits.len() >= DIGITS {
                self.words.insert(digits);
            }
        }
        self.words.insert(words);
    }
}

/// `01071593050` as it stands after +82; itself where it is no national telephone number.
fn international(digits: &str) -> String {
    match digits.strip_prefix('0') {
        Some(rest) if (9..=10).contains(&rest.len()) => format!("82{rest}"),
        _ => digits.to_owned(),
    }
}

/// Shortest pattern of the byte search, in bytes.
pub(crate) const SHORTEST: usize = 6;

/// Patterns of the byte search: every spelling with the usual separators, as UTF-8, CP949 and UTF-16 in both
/// orders, 6 bytes and more.
pub(crate) fn byte_patterns(known: &PatientIdentifiers) -> BTreeSet<Vec<u8>> {
    let mut texts = BTreeSet::new();
    for name in &known.names {
        texts.insert(name.clone());
        for spelling in name_spellings(name) {
            separated(&spelling, &["", " ", "^", ",", ", ", "_", "-", "="], &mut texts);
        }
    }
    for number in &known.numbers {
        let words = normal::words(number);
        separated(&words, &["", " ", "-", "."], &mut texts);
        texts.insert(number.clone());
    }
    texts.extend(naming_places(known).cloned());
    texts.extend(known.uids.iter().cloned());
    for date in known.births.iter().chain(&known.dates) {
        for spelling in date_spellings(*date) {
            separated(&spelling, &[" ", "-", ".", "/", ". ", "", "_"], &mut texts);
        }
    }
    let mut out = BTreeSet::new();
    texts.iter().for_each(|text| encode(text, &mut out));
    out.retain(|pattern| pattern.len() >= SHORTEST);
    out
}

fn separated(words: &str, separators: &[&str], out: &mut BTreeSet<String>) {
    for separator in separators {
        out.insert(words.replace(' ', separator));
    }
}

fn encode(text: &str, out: &mut BTreeSet<Vec<u8>>) {
    let text = text.to_lowercase();
    if !text.is_ascii() {
        let (korean, _, unmappable) = encoding_rs::EUC_KR.encode(&text);
        if !unmappable {
            out.insert(korean.into_owned());
        }
    }
    out.insert(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    out.insert(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    out.insert(text.into_bytes());
}
