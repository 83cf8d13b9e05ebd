//! The words that describe exams: of PS3.16's code meanings, of radiology in English and Korean, of units.

use std::{collections::HashSet, sync::OnceLock};

const PS3_16: &str = include_str!("../../data/lexicon/ps3.16.txt");
const ENGLISH: &str = include_str!("../../data/lexicon/radiology.en.txt");
const COMMON: &str = include_str!("../../data/lexicon/common.en.txt");
const KOREAN: &str = include_str!("../../data/lexicon/radiology.ko.txt");
const UNITS: &str = include_str!("../../data/lexicon/units.txt");
const EPONYMS: &str = include_str!("../../data/lexicon/eponyms.txt");
const NAMES: &str = include_str!("../../data/lexicon/also_names.txt");

type Words = HashSet<&'static str>;

/// The Korean part: words, and the syllables and endings that may stand with them.
pub(super) struct Korean {
    pub(super) words: Words,
    pub(super) endings: Words,
    pub(super) syllables: Words,
    /// Single syllables that are words by themselves.
    pub(super) alone: Words,
    /// Characters of the longest word.
    pub(super) longest: usize,
}

/// Whether a word in small letters describes exams. Accents do not matter.
pub(super) fn is_word(lower: &str) -> bool {
    static ALL: OnceLock<Words> = OnceLock::new();
    let all = ALL.get_or_init(|| [PS3_16, ENGLISH].into_iter().flat_map(words).collect());
    all.contains(lower)
}

/// Whether a word in small letters is a common English one, and nobody's name.
pub(super) fn is_common(lower: &str) -> bool {
    static ALL: OnceLock<Words> = OnceLock::new();
    ALL.get_or_init(|| words(COMMON).collect()).contains(lower)
}

/// Whether `lower` counts what a number before it says.
pub(super) fn is_unit(lower: &str) -> bool {
    static ALL: OnceLock<Words> = OnceLock::new();
    ALL.get_or_init(|| words(UNITS).collect()).contains(lower)
}

/// Whether `lower` (parts joined by hyphens) is an eponym of medicine.
pub(super) fn is_eponym(lower: &str) -> bool {
    static ALL: OnceLock<Words> = OnceLock::new();
    ALL.get_or_init(|| words(EPONYMS).collect()).contains(lower)
}

/// Whether a word of the lexicon is a personal or family name as well.
pub(super) fn is_also_name(lower: &str) -> bool {
    static ALL: OnceLock<Words> = OnceLock::new();
    ALL.get_or_init(|| words(NAMES).collect()).contains(lower)
}

/// The Korean words.
pub(super) fn korean() -> &'static Korean {
    static ALL: OnceLock<Korean> = OnceLock::new();
    ALL.get_or_init(|| {
        let marked = |mark: &'static str| {
            lines(KOREAN)
                .filter_map(move |line| line.strip_prefix(mark))
                .flat_map(str::split_whitespace)
                .collect::<Words>()
        };
        let words: Words = lines(KOREAN)
            .filter(|line| !line.starts_with(['-', '+', '=']))
            .flat_map(str::split_whitespace)
            .collect();
        let longest = words.iter().map(|word| word.chars().count()).max().unwrap_or(0);
        Korean { words, endings: marked("- "), syllables: marked("+ "), alone: marked("= "), longest }
    })
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

fn words(text: &'static str) -> impl Iterator<Item = &'static str> {
    lines(text).flat_map(str::split_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_english_entry_is_in_small_letters_or_a_token() {
        for word in words(PS3_16).chain(words(EPONYMS)).chain(words(NAMES)) {
            assert_eq!(word, word.to_lowercase());
        }
    }

    #[test]
    fn words_of_radiology_are_known_and_names_are_not() {
        for word in ["pneumothorax", "catheter", "portable", "lung", "screening", "ldct"] {
            assert!(is_word(word), "{word}");
        }
        for name in ["sangwook", "carter", "hyeonmi", "whitaker", "philip", "kim", "park", "lee", "choi"] {
            assert!(!is_word(name), "{name}");
        }
        assert!(is_unit("kvp") && is_eponym("swan-ganz"));
    }

    #[test]
    fn korean_words_have_two_syllables_and_more() {
        let korean = korean();
        assert!(korean.words.iter().all(|word| word.chars().count() >= 2));
        assert!(
            korean.words.contains("후전면")
                && korean.endings.contains("을")
                && korean.syllables.contains("폐")
        );
    }
}
