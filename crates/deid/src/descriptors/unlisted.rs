//! Texts of attributes that the table does not list: makers' terms that no lexicon has stay; names do not look like them.

use super::{
    announce,
    judge::is_known,
    lexicon, places,
    token::{Script, Token, tokens},
};
use crate::identifiers::PatientIdentifiers;

/// Whether nobody and no place is announced, no two words stand together that no lexicon knows and that are written
/// like names, no such word follows a number as in an address, and no word of Hangul or
/// of another script that no lexicon knows.
pub(crate) fn is_free_of_names(text: &str) -> bool {
    let tokens = tokens(text);
    let name_like = |token: &Token<'_>| match token.script {
        Script::Latin => {
            token.is_capitalised()
                && token.text.chars().skip(1).any(char::is_lowercase)
                && token.text.chars().all(char::is_alphabetic)
                && !is_known(token)
        }
        Script::Hangul | Script::Other => !is_known(token),
        Script::Number => false,
    };
    let foreign = tokens.iter().any(|token| token.script != Script::Latin && name_like(token));
    let announces = !announce::spans(text, &tokens).is_empty() || !places::spans(text, &tokens).is_empty();
    let house = |two: &[Token<'_>]| {
        two[0].script == Script::Number && two[1].script == Script::Latin && name_like(&two[1])
    };
    !foreign
        && !announces
        && !tokens.windows(2).any(house)
        && !tokens
            .windows(2)
            .any(|two| two.iter().all(|token| token.script == Script::Latin && name_like(token)))
}

/// Whether a text met in an address or an institution's name is nothing but description: then it names no place.
fn is_harmless(text: &str) -> bool {
    let tokens = tokens(text);
    let describes = |token: &Token<'_>| token.script != Script::Number && is_known(token);
    tokens.iter().all(|token| describes(token) && !lexicon::is_also_name(&token.lower()))
}

/// The texts of `known` that name a place.
pub(crate) fn naming_places(known: &PatientIdentifiers) -> impl Iterator<Item = &String> {
    known.phrases.iter().filter(|phrase| !is_harmless(phrase))
}
