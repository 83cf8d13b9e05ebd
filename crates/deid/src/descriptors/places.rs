//! Institutions and addresses by what they are called with: "Hanbit General Hospital", "달맞이길 118".

use std::ops::Range;

use super::{
    lexicon,
    token::{Script, Token},
};

/// Nouns of institutions.
const INSTITUTIONS: &[&str] = &[
    "hospital",
    "hospitals",
    "clinic",
    "clinics",
    "university",
    "univ",
    "college",
    "institute",
    "infirmary",
    "hosp",
    "medcenter",
    "healthcare",
    "polyclinic",
    "sanatorium",
    "klinikum",
    "krankenhaus",
    "hopital",
];
/// "Medical Center" and the like: the noun, and what has to stand before it.
const CENTRES: &[&str] = &["center", "centre", "centers", "group", "foundation"];
const BEFORE_CENTRE: &[&str] =
    &["medical", "health", "checkup", "screening", "cancer", "imaging", "heart", "healthcare", "care"];
/// Endings of streets in Latin letters.
const STREETS: &[&str] = &[
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "boulevard",
    "blvd",
    "ro",
    "gil",
    "dong",
    "gu",
    "si",
    "gun",
];
/// Tokens of a name before its noun.
const LONGEST: usize = 5;

/// Where institutions and streets stand.
pub(super) fn spans(text: &str, tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let lower = token.lower();
        let centre = CENTRES.contains(&lower.as_str())
            && at > 0
            && BEFORE_CENTRE.contains(&tokens[at - 1].lower().as_str());
        if INSTITUTIONS.contains(&lower.as_str()) || centre {
            out.push(tokens[name_start(text, tokens, at)].span.start..token.span.end);
        } else if STREETS.contains(&lower.as_str()) && is_street(text, tokens, at) {
            out.push(tokens[at - 1].span.start..token.span.end);
        }
    }
    out
}

/// The first token of the name that ends at `at`: of the capitalised tokens before it, from the first that no lexicon
/// knows; the three before it where all of them are words.
fn name_start(text: &str, tokens: &[Token<'_>], at: usize) -> usize {
    let mut first = at;
    while first > 0 && at - first < LONGEST && goes_together(text, tokens, first - 1) {
        first -= 1;
    }
    let unknown = (first..at).find(|index| !lexicon::is_word(&tokens[*index].lower()));
    let shouting = tokens[first..=at].iter().all(|token| token.text.chars().all(|c| !c.is_lowercase()));
    match unknown {
        Some(index) if shouting => index,
        Some(_) => first,
        None => first.max(at.saturating_sub(3)),
    }
}

fn goes_together(text: &str, tokens: &[Token<'_>], at: usize) -> bool {
    let token = &tokens[at];
    let between = &text[token.span.end..tokens[at + 1].span.start];
    token.script == Script::Latin
        && (token.is_capitalised() || matches!(token.text, "of" | "and" | "the" | "for"))
        && between.chars().all(|c| matches!(c, ' ' | '-' | '\'' | '&' | '.'))
        && !between.contains(". ")
}

/// "27 Example-ro": a capitalised word no lexicon knows, joined to the noun.
fn is_street(text: &str, tokens: &[Token<'_>], at: usize) -> bool {
    at > 0
        && tokens[at - 1].script == Script::Latin
        && tokens[at - 1].is_capitalised()
        && !lexicon::is_word(&tokens[at - 1].lower())
        && matches!(&text[tokens[at - 1].span.end..tokens[at].span.start], "-" | " ")
}
