//! Numbers that name a person: resident numbers, telephones, hospital numbers, e-mail addresses.

use super::normal;

/// Letters and digits from which a number is searched.
const SHORTEST: usize = 4;
/// Longest text that is taken for a number.
const LONGEST: usize = 40;

/// `text` if it can serve as a number: 4 to 40 letters and digits, at least one digit, no sentence.
pub(crate) fn plain(text: &str) -> Option<String> {
    let text = text.trim_matches(['\0', ' ']);
    let words = normal::words(text);
    let count = words.chars().filter(|c| *c != ' ').count();
    let sentence = words.split(' ').filter(|word| word.chars().all(char::is_alphabetic)).count() > 1;
    let numbered = words.chars().any(|c| c.is_ascii_digit());
    (numbered && !sentence && (SHORTEST..=LONGEST).contains(&count)).then(|| text.to_owned())
}

/// Resident registration numbers, telephone numbers and e-mail addresses in a text.
pub(crate) fn found_in(text: &str) -> Vec<String> {
    let mut out: Vec<String> = runs(text).filter(|run| is_resident(run) || is_telephone(run)).collect();
    out.extend(
        text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | '\\'))
            .filter(|word| is_mail(word))
            .map(str::to_owned),
    );
    out
}

/// Maximal runs of digits joined by single hyphens, dots, spaces or a closing bracket.
fn runs(text: &str) -> impl Iterator<Item = String> + '_ {
    let allowed = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | ' ' | '+' | ')' | '~');
    text.split(move |c| !allowed(c))
        .flat_map(|run| run.split("  "))
        .map(|run| run.trim_matches(|c: char| !c.is_ascii_digit() && c != '+').to_owned())
}

/// Six digits of a birth date, then seven: the seventh tells century and sex.
fn is_resident(run: &str) -> bool {
    let digits: String = run.chars().filter(char::is_ascii_digit).collect();
    let split = run.find(|c: char| !c.is_ascii_digit());
    if digits.len() != 13 || !(split.is_none() || split == Some(6)) {
        return false;
    }
    let number = |at: usize| digits.get(at..at + 2).and_then(|two| two.parse::<u8>().ok()).unwrap_or(0);
    (1..=12).contains(&number(2)) && (1..=31).contains(&number(4)) && run.len() <= 16
}

/// A Korean telephone number, national or with +82.
fn is_telephone(run: &str) -> bool {
    let digits: String = run.chars().filter(char::is_ascii_digit).collect();
    let groups = run.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).count();
    let national = digits.starts_with('0') && !digits.starts_with("00");
    match digits.len() {
        9..=11 if national => groups == 3 || (digits.starts_with("01") && digits.len() >= 10 && groups <= 2),
        10..=13 => run.starts_with("+82") || (digits.starts_with("82") && groups >= 3),
        _ => false,
    }
}

fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && host.len() > 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_sentences() {
        let found = |text: &str| found_in(text).concat();
        assert_eq!(found("RRN 970819-2242037 checked"), "970819-2242037");
        assert_eq!(found("(9708192242037)"), "9708192242037");
        assert_eq!(found("call 010-7159-3050."), "010-7159-3050");
        assert_eq!(found("T.02-312-3050 f"), "02-312-3050");
        assert_eq!(found("+82 10 7159 3050"), "+82 10 7159 3050");
        assert_eq!(found("mail kim@hanbit.kr today"), "kim@hanbit.kr");
        for none in ["1.25", "120 kVp 0.984", "2018-03-15", "1.2.840.10008.5.1.4", "0.66\\0.66", "VB20A_SP4"]
        {
            assert_eq!(found(none), "", "{none}");
        }
    }

    #[test]
    fn hospital_numbers_are_no_sentences() {
        assert_eq!(plain("A1803154535").as_deref(), Some("A1803154535"));
        assert_eq!(plain(" 04059130\0").as_deref(), Some("04059130"));
        assert_eq!(plain("12"), None);
        assert_eq!(plain("CT chest for Kim 2020"), None);
    }
}
