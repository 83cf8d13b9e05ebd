//! Which tokens stay.

use std::ops::Range;

use super::{
    forms, korean, lexicon,
    token::{Script, Token},
};

/// Longest token that is looked at, in bytes.
const LONGEST: usize = 48;
/// Letters of the shortest part of a word written together in one case.
const SHORTEST_PART: usize = 4;

/// What becomes of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Keep,
    /// A part of what identifies, or next to it.
    Identity,
    /// No lexicon knows it.
    Unknown,
}

/// A verdict for every token. `gone`: what identifies; `eponyms`: names in their medical sense.
pub(super) fn verdicts(
    text: &str,
    tokens: &[Token<'_>],
    gone: &[Range<usize>],
    eponyms: &[Range<usize>],
) -> Vec<Verdict> {
    let overlaps = |token: &Token<'_>, ranges: &[Range<usize>]| {
        ranges.iter().any(|range| range.start < token.span.end && token.span.start < range.end)
    };
    let mut out: Vec<Verdict> = tokens
        .iter()
        .map(|token| match () {
            () if overlaps(token, gone) => Verdict::Identity,
            () if overlaps(token, eponyms) => Verdict::Keep,
            () => alone(token),
        })
        .collect();
    for at in 0..tokens.len() {
        if out[at] == Verdict::Keep && !holds_beside(text, tokens, &out, at) {
            out[at] = Verdict::Unknown;
        }
    }
    out
}

/// Whether a lexicon knows the token.
pub(super) fn is_known(token: &Token<'_>) -> bool {
    alone(token) == Verdict::Keep
}

/// What a token is by itself.
fn alone(token: &Token<'_>) -> Verdict {
    let stays = token.text.len() <= LONGEST
        && match token.script {
            Script::Number => is_plain_number(token.text),
            Script::Latin => is_latin_word(token.text),
            Script::Hangul => {
                token.text.chars().count() == 1
                    && (korean::is_ending(token.text)
                        || korean::stands_alone(token.text)
                        || korean::is_syllable(token.text))
                    || lexicon::is_unit(token.text)
                    || korean::is_made_of_words(token.text)
            }
            Script::Other => false,
        };
    if stays { Verdict::Keep } else { Verdict::Unknown }
}

/// At most four digits, or a decimal number.
fn is_plain_number(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    whole.len() <= 4 && fraction.len() <= 3
}

fn is_latin_word(text: &str) -> bool {
    let lower = text.to_lowercase();
    if text.bytes().any(|b| b.is_ascii_digit()) {
        return is_code(text);
    }
    text.chars().count() == 1
        || lexicon::is_word(&lower)
        || lexicon::is_unit(&lower)
        || forms::is_medical(&lower)
        || lexicon::is_eponym(&lower)
        || (text == lower && forms::is_common(&lower))
        || is_parted_by_case(text)
        || is_made_of_words(&lower)
}

/// "LowDose", "ChestPA": every part a word.
fn is_parted_by_case(text: &str) -> bool {
    let parts = case_parts(text);
    parts.len() > 1 && parts.iter().all(|part| part.len() > 1 && lexicon::is_word(&part.to_lowercase()))
}

/// Cut before capitals that follow small letters, and before the last of several capitals that small letters follow.
fn case_parts(text: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut starts = vec![0];
    for at in 1..chars.len() {
        let (before, here) = (chars[at - 1].1, chars[at].1);
        let small_next = chars.get(at + 1).is_some_and(|(_, c)| c.is_lowercase());
        if here.is_uppercase() && (before.is_lowercase() || small_next) {
            starts.push(chars[at].0);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| &text[*start..end]).collect()
}

/// "lowdose", "chestroutine": two words of four letters and more, or one of three before a longer one.
fn is_made_of_words(lower: &str) -> bool {
    lower.is_ascii()
        && (SHORTEST_PART - 1..lower.len().saturating_sub(SHORTEST_PART - 1)).any(|at| {
            let (first, second) = lower.split_at(at);
            first.len().max(second.len()) >= SHORTEST_PART + 1
                && !lexicon::is_also_name(first)
                && !lexicon::is_also_name(second)
                && lexicon::is_word(first)
                && lexicon::is_word(second)
        })
}

/// Kernels, levels, sequences: "Br40d", "C90", "L5", "T2W", "COVID19": at most four digits among words, units or at most two
/// letters.
fn is_code(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty());
    digits <= 3
        && text.len() <= 12
        && letters.clone().count() <= 3
        && letters.clone().all(|part| {
            let lower = part.to_lowercase();
            part.chars().count() <= 2 || lexicon::is_word(&lower) || lexicon::is_unit(&lower)
        })
}

/// A year of this or the last century says when.
fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20"))
}

/// Kernels of reconstruction ("Br40d", "FC55", "B30f", "Tr20"): they say nothing of anybody.
fn is_kernel(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = text.bytes().skip(letters).take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&letters)
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && (1..=2).contains(&digits)
        && text.len() - letters - digits <= 1
        && text[letters + digits..].bytes().all(|b| b.is_ascii_lowercase())
}

/// What stands beside a token.
struct Beside {
    gone: bool,
    /// Without even a space between.
    attached: bool,
    /// With a space or a hyphen between, and nothing that ends a clause.
    close: bool,
}

impl Beside {
    fn of(text: &str, tokens: &[Token<'_>], verdicts: &[Verdict], left: usize, other: usize) -> Self {
        let Some(verdict) = verdicts.get(other) else {
            return Self { gone: false, attached: false, close: false };
        };
        let between = &text[tokens[left].span.end..tokens[left + 1].span.start];
        let gone = *verdict != Verdict::Keep;
        let close = between.chars().all(|c| c == ' ' || c == '-' || c == '^' || c == '_' || c == '\'');
        Self { gone, attached: gone && between.is_empty(), close: gone && close }
    }
}

/// Whether a kept token also holds beside its neighbours.
fn holds_beside(text: &str, tokens: &[Token<'_>], verdicts: &[Verdict], at: usize) -> bool {
    let token = &tokens[at];
    let none = Beside { gone: false, attached: false, close: false };
    let before = at.checked_sub(1).map_or(none, |left| Beside::of(text, tokens, verdicts, left, left));
    let after = if at + 1 < tokens.len() {
        Beside::of(text, tokens, verdicts, at, at + 1)
    } else {
        Beside { gone: false, attached: false, close: false }
    };
    let (attached, close) = (before.attached || after.attached, before.close || after.close);
    let measured = tokens.get(at + 1).is_some_and(|next| lexicon::is_unit(&next.lower()));
    match token.script {
        Script::Number => {
            let decimal = token.text.contains('.');
            measured || (!attached && (decimal || (!close && !is_year(token.text))))
        }
        Script::Hangul if token.text.chars().count() == 1 => {
            let follows_kept = at > 0 && !before.gone && tokens[at - 1].span.end == token.span.start;
            let joined = at > 0 && tokens[at - 1].span.end == token.span.start;
            let alone = !joined && korean::stands_alone(token.text) && !(before.gone && after.gone);
            !after.attached && (follows_kept || alone || lexicon::is_unit(token.text) && follows_kept)
        }
        Script::Hangul => !attached || korean::is_word(token.text),
        Script::Latin if token.text.chars().count() == 1 => !close || is_abbreviated(text, token),
        Script::Latin if token.text.bytes().any(|b| b.is_ascii_digit()) => {
            !attached && (!close || is_kernel(token.text))
        }
        Script::Latin => {
            let lower = token.lower();
            let eponym = lexicon::is_eponym(&lower) && !lexicon::is_word(&lower);
            let name = token.is_capitalised() && (eponym || lexicon::is_also_name(&lower));
            !attached && !(name && close)
        }
        Script::Other => false,
    }
}

/// A letter of "s/p", "f/u", "w/o", "C+".
fn is_abbreviated(text: &str, token: &Token<'_>) -> bool {
    let before = text[..token.span.start].chars().next_back();
    let after = text[token.span.end..].chars().next();
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let slash = |c: Option<char>| matches!(c, Some('/'));
    let second = |c: &str| c.chars().nth(1);
    (slash(after) && letter(second(&text[token.span.end..])))
        || (slash(before) && letter(text[..token.span.start].chars().rev().nth(1)))
        || after == Some('+')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_codes_and_compounds() {
        for text in [
            "LowDose",
            "ChestPA",
            "lowdose",
            "Br40d",
            "I70f",
            "T2W",
            "COVID19",
            "3D",
            "AbdomenPelvis",
            "pneumothorax",
            "FC51",
        ] {
            assert!(is_latin_word(text), "{text}");
        }
        for text in ["Sangwook", "KimSeoyun", "A1803154535", "SN480537", "kimchest", "McCarter"] {
            assert!(!is_latin_word(text), "{text}");
        }
    }
}
