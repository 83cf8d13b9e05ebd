//! A text cut into tokens: runs of letters of one script, numbers, and what lies between.

use std::ops::Range;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// Latin letters, and digits among them ("Br40d").
    Latin,
    /// Digits, with a decimal point inside.
    Number,
    /// Hangul syllables.
    Hangul,
    /// Any other letters or digits.
    Other,
}

/// A run of characters of one kind.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    /// In bytes of the whole text.
    pub(super) span: Range<usize>,
    pub(super) script: Script,
}

impl Token<'_> {
    /// In small letters.
    pub(super) fn lower(&self) -> String {
        self.text.to_lowercase()
    }

    /// Whether it begins with a capital letter, as names do.
    pub(super) fn is_capitalised(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

/// The tokens of `text` in order.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out: Vec<Token<'_>> = Vec::new();
    let mut run: Option<(usize, Script)> = None;
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        let next = script(c);
        let is_point = c == '.'
            && run.is_some_and(|(start, script)| script == Script::Number && !text[start..at].contains('.'))
            && text[at + 1..].starts_with(|c: char| c.is_ascii_digit());
        let goes_on = match (run, next) {
            (Some(_), _) if is_point => true,
            (Some((_, one)), Some(other)) => joins(one, other, previous, c),
            _ => false,
        };
        if !goes_on {
            end(text, &mut run, at, &mut out);
            run = next.map(|script| (at, script));
        } else if next == Some(Script::Latin)
            && let Some((start, _)) = run
        {
            run = Some((start, Script::Latin));
        }
        previous = c;
    }
    end(text, &mut run, text.len(), &mut out);
    out
}

fn end<'a>(text: &'a str, run: &mut Option<(usize, Script)>, at: usize, out: &mut Vec<Token<'a>>) {
    if let Some((start, script)) = run.take() {
        out.push(Token { text: &text[start..at], span: start..at, script });
    }
}

/// Whether a character goes on with the run: letters and digits of Latin mix, but a decimal number ends before letters
/// ("2.5mGy" is a number and a unit).
fn joins(run: Script, next: Script, previous: char, c: char) -> bool {
    match (run, next) {
        (Script::Number, Script::Latin) => previous.is_ascii_digit() && !c.is_ascii_lowercase(),
        (Script::Latin, Script::Number) => true,
        (one, other) => one == other,
    }
}

fn script(c: char) -> Option<Script> {
    match c {
        '0'..='9' => Some(Script::Number),
        '\u{ac00}'..='\u{d7a3}' => Some(Script::Hangul),
        _ if c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}') && c.is_alphabetic() => {
            Some(Script::Latin)
        }
        _ if c.is_alphanumeric() => Some(Script::Other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_part_and_decimals_hold() {
        let all = |text: &str| tokens(text).iter().map(|t| t.text.to_owned()).collect::<Vec<_>>();
        assert_eq!(all("Thorax Routine 5.0 Br40d"), ["Thorax", "Routine", "5.0", "Br40d"]);
        assert_eq!(all("2.5mGy 3D f/u"), ["2.5", "mGy", "3D", "f", "u"]);
        assert_eq!(all("CT를 흉부(PA)"), ["CT", "를", "흉부", "PA"]);
        assert_eq!(all("1.2.3 a.b"), ["1.2", "3", "a", "b"]);
        assert_eq!(all("Chest^01_LowDose"), ["Chest", "01", "LowDose"]);
        assert_eq!(all("金 ёж"), ["金", "ёж"]);
        assert!(all(" .,- ").is_empty());
    }
}
