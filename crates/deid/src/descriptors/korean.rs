//! Korean tokens: words are written together, so a token is taken apart into words that the lexicon knows.

use super::lexicon;

/// Longest token that is looked at, in syllables.
const LONGEST: usize = 24;
/// Single syllables that are family names, too: they do not begin a token of the length of a name.
const SURNAMES: [&str; 14] =
    ["고", "우", "전", "하", "양", "위", "기", "선", "방", "유", "대", "소", "초", "무"];

/// Whether the token is a word of the lexicon by itself.
pub(super) fn is_word(token: &str) -> bool {
    lexicon::korean().words.contains(token)
}

/// Whether the token is made of words, at least one of two syllables and more, of single syllables that stand with
/// them, and of an ending.
pub(super) fn is_made_of_words(token: &str) -> bool {
    let starts: Vec<usize> = token.char_indices().map(|(at, _)| at).chain([token.len()]).collect();
    let count = starts.len() - 1;
    if is_word(token) {
        return true;
    }
    if !(2..=LONGEST).contains(&count) || (count == 3 && SURNAMES.iter().any(|name| token.starts_with(name)))
    {
        return false;
    }
    let korean = lexicon::korean();
    // least number of single syllables with which each prefix can be taken apart, and whether a word is in it
    let mut cost: Vec<Option<(usize, bool)>> = vec![None; count + 1];
    cost[0] = Some((0, false));
    for end in 1..=count {
        for start in end.saturating_sub(korean.longest)..end {
            let Some((singles, has_word)) = cost[start] else { continue };
            let piece = &token[starts[start]..starts[end]];
            let next = match end - start {
                _ if end - start > 1 && korean.words.contains(piece) => (singles, true),
                _ if end == count && has_word && korean.endings.contains(piece) => (singles, true),
                1 if korean.syllables.contains(piece) => (singles + 1, has_word),
                _ => continue,
            };
            if cost[end].is_none_or(|old| rank(next) < rank(old)) {
                cost[end] = Some(next);
            }
        }
    }
    // single syllables make names: at most one for every two syllables of words
    cost[count].is_some_and(|(singles, has_word)| has_word && singles * 3 <= count)
}

fn rank((singles, has_word): (usize, bool)) -> (bool, usize) {
    (!has_word, singles)
}

/// Whether a single syllable is a word by itself ("수술 후").
pub(super) fn stands_alone(syllable: &str) -> bool {
    lexicon::korean().alone.contains(syllable)
}

/// Whether a single syllable stands with words ("X선").
pub(super) fn is_syllable(syllable: &str) -> bool {
    lexicon::korean().syllables.contains(syllable)
}

/// Whether a piece may follow a kept token without a space: an ending.
pub(super) fn is_ending(piece: &str) -> bool {
    lexicon::korean().endings.contains(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_are_taken_apart() {
        for token in [
            "흉부후전면",
            "저선량흉부촬영",
            "폐렴의심",
            "폐암선별검사",
            "폐결절을",
            "우폐상엽",
            "추적관찰시",
            "양측흉수",
        ] {
            assert!(is_made_of_words(token), "{token}");
        }
    }

    #[test]
    fn names_are_not() {
        for token in [
            "김서윤",
            "노상욱",
            "전상우",
            "하정우",
            "이도현",
            "길현미",
            "로스영희",
            "우하전",
            "황태양",
            "폐",
            "한빛종합병원",
        ] {
            assert!(!is_made_of_words(token), "{token}");
        }
    }
}
