//! Names of people that are names of diseases, signs, devices and views. "Hodgkin lymphoma" stays even if the patient
//! is called Hodgkin; "for Hodgkin" does not.

use std::ops::Range;

use super::{
    lexicon,
    token::{Script, Token, tokens},
};

/// Most names joined by hyphens.
const LONGEST: usize = 4;
/// What an eponym stands with.
const NOUNS: &[&str] = &[
    "disease",
    "diseases",
    "syndrome",
    "sign",
    "signs",
    "lymphoma",
    "tumor",
    "tumour",
    "tumors",
    "catheter",
    "catheters",
    "tube",
    "line",
    "lines",
    "view",
    "views",
    "projection",
    "position",
    "method",
    "hernia",
    "fracture",
    "angle",
    "score",
    "scale",
    "grade",
    "classification",
    "class",
    "criteria",
    "type",
    "anomaly",
    "malformation",
    "deformity",
    "cyst",
    "node",
    "nodes",
    "nodule",
    "nodules",
    "ganglion",
    "duct",
    "drain",
    "shunt",
    "procedure",
    "operation",
    "graft",
    "valve",
    "stent",
    "port",
    "needle",
    "aneurysm",
    "diverticulum",
    "ring",
    "esophagus",
    "oesophagus",
    "sarcoma",
    "carcinoma",
    "thyroiditis",
    "granulomatosis",
    "granuloma",
    "complex",
    "lesion",
    "focus",
    "cells",
    "cell",
    "histiocytosis",
    "contracture",
    "palsy",
    "paralysis",
    "gland",
    "pouch",
    "fascia",
    "space",
    "triad",
    "pentad",
    "maneuver",
    "manoeuvre",
    "index",
    "units",
    "unit",
    "hump",
    "grid",
    "test",
    "reflex",
    "artery",
    "vein",
    "ligament",
    "line",
    "fissure",
    "fistula",
    "colitis",
    "ulcer",
    "goiter",
    "phenomenon",
    "block",
    "bodies",
    "body",
    "edema",
    "stage",
    "staging",
    "dissection",
    "arteritis",
    "vasculitis",
    "arthritis",
    "tip",
    "insertion",
    "removal",
    "repair",
    "f",
    "fu",
    "s",
    "tetralogy",
    "post",
    "sp",
    "p",
    "r",
    "o",
    "ro",
    "known",
    "hx",
    "with",
    "possible",
    "suspected",
    "probable",
    "removed",
    "inserted",
    "placement",
    "reduction",
    "nail",
    "wire",
    "pin",
    "cast",
    "frame",
    "brace",
    "sphincter",
    "ampulla",
    "segment",
    "arch",
    "sinus",
    "filter",
    "balloon",
    "bag",
    "prosthesis",
];
/// Nouns before which a single eponym also stands ("tetralogy of Fallot").
const BEFORE: &[&str] =
    &["tetralogy", "ampulla", "sphincter", "duct", "circle", "pouch", "ligament", "angle", "foramen"];

/// Where eponyms stand in their medical sense.
pub(crate) fn spans(text: &str) -> Vec<Range<usize>> {
    if !text.bytes().any(|b| b.is_ascii_alphabetic()) {
        return Vec::new();
    }
    spans_of(text, &tokens(text))
}

/// As [`spans`], of a text that is cut already.
pub(super) fn spans_of(text: &str, tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let found =
            (1..=LONGEST.min(tokens.len() - at)).rev().find(|count| is_eponym(text, tokens, at, *count));
        if let Some(count) = found {
            out.push(tokens[at].span.start..tokens[at + count - 1].span.end);
        }
        at += found.unwrap_or(1);
    }
    out
}

fn is_eponym(text: &str, tokens: &[Token<'_>], at: usize, count: usize) -> bool {
    let parts = &tokens[at..at + count];
    let latin = parts.iter().all(|part| part.script == Script::Latin);
    let joined = parts.windows(2).all(|two| {
        text[two[0].span.end..two[1].span.start].trim() == "-"
            || (text[two[0].span.end..two[1].span.start] == *" " && count > 1)
    });
    if !latin || !joined {
        return false;
    }
    let name = parts.iter().map(Token::lower).collect::<Vec<_>>().join("-");
    lexicon::is_eponym(&name) && (count > 1 || has_noun(tokens, at) || stands_alone(text, tokens, at))
}

/// The whole text, or a clause of its own between punctuation, with nothing announced before it.
fn stands_alone(text: &str, tokens: &[Token<'_>], at: usize) -> bool {
    let ends = |between: &str| between.chars().any(|c| matches!(c, ';' | '/' | '|' | '\\' | '('));
    let before = at == 0 || ends(&text[tokens[at - 1].span.end..tokens[at].span.start]);
    let after = at + 1 == tokens.len() || ends(&text[tokens[at].span.end..tokens[at + 1].span.start]);
    before && after && tokens.len() <= 3
}

/// Whether a noun of medicine follows within two tokens, or stands before with "of".
fn has_noun(tokens: &[Token<'_>], at: usize) -> bool {
    let lower = |index: usize| tokens.get(index).map(Token::lower).unwrap_or_default();
    let follows = NOUNS.contains(&lower(at + 1).as_str())
        || (lower(at + 1) == "s" || lexicon::is_word(&lower(at + 1)))
            && NOUNS.contains(&lower(at + 2).as_str());
    let precedes = at >= 2 && lower(at - 1) == "of" && BEFORE.contains(&lower(at - 2).as_str());
    follows || precedes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        spans(text).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn eponyms_stand_beside_their_noun() {
        assert_eq!(found("s/p Swan-Ganz catheter"), ["Swan-Ganz"]);
        assert_eq!(found("Hodgkin lymphoma staging"), ["Hodgkin"]);
        assert_eq!(found("r/o Pott's disease"), ["Pott"]);
        assert_eq!(found("tetralogy of Fallot"), ["Fallot"]);
        assert_eq!(found("LEE, HODGKIN 09383415"), [""; 0]);
        assert_eq!(found("CT for Foley, Carter"), [""; 0]);
        assert_eq!(found("Groshong"), ["Groshong"]);
    }
}
