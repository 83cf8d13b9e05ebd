//! Which tokens stay.

use std::ops::Range;

use super::{
    korean, lexicon,
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
pub(super) fn verdicts(text: &str, tokens: &[Token<'_>], gone: &[Range<usize>], eponyms: &[Range<usize>]) -> Vec<Verdict> {
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
                token.text.chars().count() == 1 && korean::is_ending(token.text)
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

/// Whether a kept token also holds beside its neighbours.
fn holds_beside(text: &str, tokens: &[Token<'_>], verdicts: &[Verdict], at: usize) -> bool {
    let token = &tokens[at];
    let verdict = |index: Option<usize>| index.and_then(|index| verdicts.get(index)).copied();
    let (before, after) = (verdict(at.checked_sub(1)), verdict(Some(at + 1)));
    let beside_gone = [before, after].into_iter().flatten().any(|v| v != Verdict::Keep);
    let attached = |left: usize, right: usize| tokens[left].span.end == tokens[right].span.start;
    let attached_gone = (before.is_some_and(|v| v != Verdict::Keep) && attached(at - 1, at))
        || (after.is_some_and(|v| v != Verdict::Keep) && attached(at, at + 1));
    match token.script {
        Script::Number => {
            let measured = tokens.get(at + 1).is_some_and(|next| lexicon::is_unit(&next.lower()));
            measured || (!(beside_gone || attached_gone) && (token.text.len() <= 3 || token.text.contains('.')))
        }
        Script::Hangul if token.text.chars().count() == 1 => {
            let follows_kept = at > 0 && before == Some(Verdict::Keep) && attached(at - 1, at);
            follows_kept && !attached_gone
        }
        Script::Hangul => !attached_gone || korean::is_word(token.text),
        Script::Latin if token.text.chars().count() == 1 => !beside_gone || is_abbreviated(text, token),
        Script::Latin if token.text.bytes().any(|b| b.is_ascii_digit()) => !beside_gone,
        Script::Latin => {
            let name = token.is_capitalised() && lexicon::is_also_name(&token.lower());
            !attached_gone && !(name && beside_gone)
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
        for text in ["LowDose", "ChestPA", "lowdose", "Br40d", "I70f", "T2W", "COVID19", "3D", "AbdomenPelvis", "pneumothorax", "FC51"] {
            assert!(is_latin_word(text), "{text}");
        }
        for text in ["Sangwook", "KimSeoyun", "A1803154535", "SN480537", "kimchest", "McCarter"] {
            assert!(!is_latin_word(text), "{text}");
        }
    }
}
