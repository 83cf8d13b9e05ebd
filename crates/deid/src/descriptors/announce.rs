//! What is announced as a person: "ordered by Dr. Sangwook Noh", "담당 길현미", "김서윤님".

use std::ops::Range;

use super::{
    korean, lexicon,
    token::{Script, Token},
};

/// Titles: what follows is a name, whatever words it is made of.
const TITLES: &[&str] = &[
    "dr",
    "drs",
    "doctor",
    "prof",
    "professor",
    "mr",
    "mrs",
    "ms",
    "miss",
    "md",
    "rn",
    "attn",
    "cc'd",
    "nurse",
    "sir",
];
/// Words before which or after which a name may stand: capitalised words that no lexicon knows go anyhow, those that
/// are names as well go here.
const ROLES: &[&str] = &[
    "physician",
    "referring",
    "radiologist",
    "technologist",
    "technician",
    "operator",
    "patient",
    "pt",
    "name",
    "dictated",
    "signed",
    "ordered",
    "requested",
    "performed",
    "by",
    "from",
    "for",
    "tech",
    "reader",
    "surgeon",
    "initials",
    "attending",
    "resident",
    "fellow",
    "mother",
    "father",
    "wife",
    "husband",
    "son",
    "daughter",
    "baby",
];
/// Korean words before a name.
const KOREAN: &[&str] = &[
    "담당",
    "담당의",
    "담당의사",
    "주치의",
    "의뢰의",
    "의뢰자",
    "판독의",
    "판독자",
    "판독",
    "촬영자",
    "검사자",
    "의사",
    "환자",
    "환자명",
    "성명",
    "이름",
    "성함",
    "보호자",
    "방사선사",
    "간호사",
    "전공의",
    "수련의",
    "전문의",
    "확인자",
    "작성자",
    "접수자",
    "처방의",
    "시술자",
    "집도의",
    "서명",
    "수신",
];
/// Korean titles after a name, attached or apart.
const AFTER: &[&str] = &[
    "님",
    "씨",
    "양",
    "군",
    "교수",
    "교수님",
    "선생",
    "선생님",
    "샘",
    "원장",
    "원장님",
    "과장",
    "과장님",
    "의사",
    "환자",
    "환자분",
    "환자님",
    "실장",
    "팀장",
    "간호사",
    "방사선사",
    "기사",
    "보호자",
    "어르신",
    "아기",
];
/// Words before an address, which goes to the end of its clause.
const ADDRESSES: &[&str] =
    &["address", "addr", "주소", "주소지", "거주지", "자택", "본적", "residence", "resides", "lives"];
/// Most tokens of a name.
const LONGEST: usize = 4;

/// Where announced persons stand, without what announces them.
pub(super) fn spans(text: &str, tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for at in 0..tokens.len() {
        let lower = tokens[at].lower();
        let lower = lower.as_str();
        if TITLES.contains(&lower) {
            out.extend(latin_name(text, tokens, at, |_| true));
            out.extend(hangul_name(text, tokens, at));
        } else if ROLES.contains(&lower) {
            out.extend(latin_name(text, tokens, at, |token| {
                let lower = token.lower();
                lexicon::is_also_name(&lower) || !lexicon::is_word(&lower)
            }));
        } else if KOREAN.contains(&lower) {
            out.extend(hangul_name(text, tokens, at));
            out.extend(latin_name(text, tokens, at, |token| {
                let lower = token.lower();
                lexicon::is_also_name(&lower) || !lexicon::is_word(&lower)
            }));
        }
        if ADDRESSES.contains(&lower) {
            out.extend(address(text, tokens, at));
        }
        out.extend(titled(text, tokens, at));
    }
    out
}

/// The capitalised Latin tokens after `at`, as long as nothing ends the clause.
fn latin_name(
    text: &str,
    tokens: &[Token<'_>],
    at: usize,
    is_name: impl Fn(&Token<'_>) -> bool,
) -> Option<Range<usize>> {
    let is_part = |index: &usize| {
        let token = &tokens[*index];
        token.script == Script::Latin
            && token.is_capitalised()
            && !goes_apart(text, tokens, *index, *index == at + 1)
            && is_name(token)
    };
    let last = (at + 1..tokens.len().min(at + 1 + LONGEST)).take_while(is_part).last()?;
    Some(tokens[at + 1].span.start..tokens[last].span.end)
}

/// Everything from `at` to the end of the clause.
fn address(text: &str, tokens: &[Token<'_>], at: usize) -> Option<Range<usize>> {
    let ends = |index: &usize| {
        let between = &text[tokens[*index - 1].span.end..tokens[*index].span.start];
        !(between.contains([';', '/', '|']) || between.contains(". ") || between.contains(" - "))
    };
    let last = (at + 1..tokens.len()).take_while(ends).last()?;
    Some(tokens[at].span.start..tokens[last].span.end)
}

/// The Hangul token after `at`, of the length of a name and no word.
fn hangul_name(text: &str, tokens: &[Token<'_>], at: usize) -> Option<Range<usize>> {
    let next = tokens.get(at + 1)?;
    let apart = goes_apart(text, tokens, at + 1, true);
    (!apart && is_name_like(next)).then(|| next.span.clone())
}

/// A Hangul name before the title at `at` ("김서윤 교수"), or with the title attached ("김서윤님").
fn titled(text: &str, tokens: &[Token<'_>], at: usize) -> Option<Range<usize>> {
    let token = &tokens[at];
    if token.script != Script::Hangul {
        return None;
    }
    if AFTER.contains(&token.text) {
        let before = tokens.get(at.checked_sub(1)?)?;
        let apart = goes_apart(text, tokens, at, true);
        let latin =
            before.script == Script::Latin && before.is_capitalised() && !lexicon::is_word(&before.lower());
        return (!apart && (is_name_like(before) || latin)).then(|| before.span.start..token.span.end);
    }
    let attached = AFTER
        .iter()
        .filter_map(|title| token.text.strip_suffix(title))
        .any(|name| (2..=5).contains(&name.chars().count()) && !korean::is_word(name));
    (attached && !korean::is_word(token.text) && !korean::is_made_of_words(token.text))
        .then(|| token.span.clone())
}

fn is_name_like(token: &Token<'_>) -> bool {
    token.script == Script::Hangul
        && (2..=5).contains(&token.text.chars().count())
        && !korean::is_word(token.text)
        && !AFTER.contains(&token.text)
}

/// Whether the token at `index` does not go on with the one before it: a comma, a full stop, a bracket stand between.
/// After a title the full stop of its abbreviation and a colon may.
fn goes_apart(text: &str, tokens: &[Token<'_>], index: usize, after_title: bool) -> bool {
    let between = &text[tokens[index - 1].span.end..tokens[index].span.start];
    !between.chars().all(|c| {
        c.is_whitespace()
            || matches!(c, '^' | '-' | '_' | '\'')
            || (after_title && matches!(c, '.' | ':' | '=' | ','))
    })
}
