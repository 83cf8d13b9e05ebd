//! Is a text that the table does not list plain technique? Default deny: it stays only if nothing in it can
//! name anybody.

use crate::{
    descriptors::is_free_of_names,
    gate::Searcher,
    identifiers::{normal, numbers_in},
};

/// Longest unlisted text that is kept: what is longer was typed by somebody.
const LONGEST: usize = 64;

/// Words that announce a person, an address or a number, as they stand words-read.
const ANNOUNCING: &[&str] = &[
    "mrn",
    "dob",
    "rrn",
    "dr",
    "mr",
    "mrs",
    "ms",
    "prof",
    "physician",
    "patient",
    "pt",
    "born",
    "tel",
    "phone",
    "name",
    "환자",
    "성명",
    "이름",
    "담당",
    "의사",
    "교수",
    "선생",
    "주민",
    "전화",
    "생년월일",
    "hospital",
    "clinic",
    "university",
    "institute",
    "centre",
    "md",
    "phd",
];
/// Endings of Korean institutions and addresses.
const INSTITUTIONS: &[&str] = &["병원", "의원", "의료원", "센터", "클리닉", "대학교", "보건소", "영상의학과"];
/// Endings that follow a Korean name.
const HONORIFICS: &[&str] = &["님", "씨", "교수", "선생", "환자", "의사"];

/// Whether an unlisted text may stay.
pub(crate) fn is_technical(text: &str, known: &Searcher) -> bool {
    text.chars().count() <= LONGEST
        && !text.chars().any(char::is_control)
        && numbers_in(text).is_empty()
        && !has_uid(text)
        && {
            let words = normal::words(text);
            !announces_someone(&words) && !has_date(&words)
        }
        && is_free_of_names(text)
        && !known.in_text(text)
}

/// Whether a value of VR CS is a defined term by its form, and may stay.
pub(crate) fn is_term(text: &str, known: &Searcher) -> bool {
    let formed = text.split('\\').all(|term| {
        term.len() <= 16
            && term.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b' ' | b'_'))
    });
    if formed { !known.in_text(text) } else { is_technical(text, known) }
}

fn announces_someone(words: &str) -> bool {
    words.split(' ').any(|word| {
        ANNOUNCING.contains(&word)
            || INSTITUTIONS.iter().any(|end| word.ends_with(end))
            || HONORIFICS.iter().any(|end| word.strip_suffix(end).is_some_and(normal::is_ideographic))
    })
}

/// Whether a words-read text holds a full date in any order, of this or the last century.
fn has_date(words: &str) -> bool {
    let tokens: Vec<&str> = words.split(' ').collect();
    tokens.iter().any(|token| is_compact_date(token) || (token.ends_with('월') && token.len() > 3))
        || tokens.windows(3).any(|three| is_split_date(three[0], three[1], three[2]))
}

fn is_compact_date(token: &str) -> bool {
    let Some(eight) = token.get(..8) else { return false };
    eight.bytes().all(|b| b.is_ascii_digit())
        && is_year(&eight[..4])
        && is_up_to(&eight[4..6], 12)
        && is_up_to(&eight[6..8], 31)
}

fn is_split_date(a: &str, b: &str, c: &str) -> bool {
    let month_word = |word: &str| word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_year(a) && is_up_to(b, 12) && is_up_to(c, 31))
        || (is_up_to(a, 31) && is_up_to(b, 31) && is_year(c))
        || (is_up_to(a, 31) && month_word(b) && is_year(c))
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && (text.starts_with("19") || text.starts_with("20"))
        && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_up_to(text: &str, most: u8) -> bool {
    text.len() <= 2 && text.parse::<u8>().is_ok_and(|number| (1..=most).contains(&number))
}

/// Five and more numbers joined by dots.
fn has_uid(text: &str) -> bool {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .any(|run| run.len() >= 12 && run.matches('.').count() >= 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PatientIdentifiers;

    #[test]
    fn technique_stays() {
        let known = Searcher::new(&PatientIdentifiers::default());
        for text in [
            "Br40d",
            "LUNG",
            "BODY FILTER",
            "Chest PA",
            "0.984:1",
            "VB20A_SP4",
            "흉부 후전면",
            "1.2\\3.4",
            "mGy.cm",
        ] {
            assert!(is_technical(text, &known), "{text}");
        }
    }

    #[test]
    fn whatever_may_name_somebody_goes() {
        let known = Searcher::new(&PatientIdentifiers::default());
        for text in [
            "call 010-7159-3050",
            "RRN 970819-2242037",
            "seen 2018-03-15",
            "15 Mar 2018",
            "20180315",
            "ordered by Dr. Noh",
            "김서윤님",
            "1.2.410.200010.410200101.20180315.7492589",
            "mail a@b.kr",
            &"long ".repeat(20),
        ] {
            assert!(!is_technical(text, &known), "{text}");
        }
        assert!(is_term("ORIGINAL\\PRIMARY\\CT_SOM5 SPI", &known));
        assert!(!is_term("call 010-7159-3050", &known));
    }
}
