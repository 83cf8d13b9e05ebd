//! Everything that identifies an invented subject, in every spelling and encoding, and a search for all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use aho_corasick::AhoCorasick;
use serde_json::Value;

/// What is searched for; a finding names the kind of identifier and never whose.
pub struct Needles {
    search: AhoCorasick,
    kinds: Vec<(String, bool)>,
}

impl Needles {
    /// All identifiers of the lines of a `truth.jsonl`, except dates.
    pub fn of(truth: &[Value]) -> Self {
        Self::of_at_least(truth, 1)
    }

    /// The same, of `shortest` bytes and more: for ciphertext, where a short pattern stands by chance.
    pub fn of_at_least(truth: &[Value], shortest: usize) -> Self {
        let mut all: BTreeMap<Vec<u8>, String> = BTreeMap::new();
        for (kind, value) in truth.iter().flat_map(identifiers) {
            for raw in spellings(&kind, &value).iter().flat_map(|text| encodings(text)) {
                all.insert(raw, kind.clone());
            }
        }
        all.retain(|raw, _| raw.len() >= shortest);
        let kinds = all.iter().map(|(raw, kind)| (kind.clone(), raw.is_ascii())).collect();
        let search = AhoCorasick::builder().ascii_case_insensitive(true).build(all.keys()).expect("needles");
        Self { search, kinds }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// The kinds of identifiers that stand in `haystack`. An ASCII one must stand alone, so that a short number is
    /// not found inside a digest.
    pub fn kinds_in(&self, haystack: &[u8]) -> BTreeSet<&str> {
        let alone = |at: Option<&u8>| at.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        let hits = self.search.find_overlapping_iter(haystack).filter(|hit| {
            let (_, ascii) = &self.kinds[hit.pattern().as_usize()];
            let before = hit.start().checked_sub(1).and_then(|i| haystack.get(i));
            !ascii || (alone(before) && alone(haystack.get(hit.end())))
        });
        hits.map(|hit| self.kinds[hit.pattern().as_usize()].0.as_str()).collect()
    }

    /// How many files below `folder` were searched, and what was found in which.
    pub fn search_below(&self, folder: &Path) -> (usize, Vec<String>) {
        let files = super::files_below(folder);
        let found = files.iter().flat_map(|file| {
            let kinds = self.kinds_in(&std::fs::read(file).expect("read"));
            kinds.into_iter().map(|kind| format!("{kind} in {}", file.display())).collect::<Vec<_>>()
        });
        (files.len(), found.collect())
    }
}

fn identifiers(row: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let list = |key: &str| row[key].as_array().expect("list").clone();
    let mut all: Vec<(String, String)> =
        list("identifiers").iter().map(|i| (text(&i["kind"]), text(&i["value"]))).collect();
    all.extend(list("uids").iter().map(|uid| ("uid".to_owned(), text(uid))));
    all.extend(list("staff").iter().map(|name| ("name".to_owned(), text(name))));
    all.retain(|(kind, _)| kind != "birth_date");
    all
}

/// A name whole, joined, reversed and in parts of five letters or two syllables; a number with and without dashes.
fn spellings(kind: &str, value: &str) -> BTreeSet<String> {
    let long_enough = |text: &String| text.chars().count() >= if text.is_ascii() { 5 } else { 2 };
    if kind != "name" {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        let joined = (kind != "uid" && digits.len() >= 7).then_some(digits);
        return joined
            .into_iter()
            .chain([value.trim().to_owned()])
            .filter(|t| t.chars().count() >= 4)
            .collect();
    }
    let mut parts: Vec<&str> = value.split(['^', ' ', '=', ',', '.']).filter(|p| !p.is_empty()).collect();
    let mut all: BTreeSet<String> = parts.iter().map(|p| (*p).to_owned()).collect();
    for _ in 0..2 {
        all.extend(["^", " ", "", ", "].map(|joint| parts.join(joint)));
        parts.reverse();
    }
    all.into_iter().filter(long_enough).collect()
}

fn encodings(text: &str) -> Vec<Vec<u8>> {
    let (korean, _, unmappable) = encoding_rs::EUC_KR.encode(text);
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut all = vec![text.as_bytes().to_vec(), wide];
    if !unmappable {
        all.push(korean.into_owned());
    }
    all
}

#[test]
fn a_planted_name_is_found_and_a_digest_is_not_a_name() {
    let row = serde_json::json!({"identifiers": [{"kind": "name", "value": "Hong^Gildong=홍^길동"}, {"kind": "patient_id", "value": "4711"}],
                                 "uids": ["1.2.3"], "staff": []});
    let needles = Needles::of(&[row]);
    assert!(needles.kinds_in("x GILDONG, hong".as_bytes()).contains("name"));
    assert!(needles.kinds_in(&encoding_rs::EUC_KR.encode("환자 길동").0).contains("name"));
    assert!(needles.kinds_in(b"ab4711cd").is_empty());
    assert!(needles.kinds_in(b"=4711;").contains("patient_id"));
}
