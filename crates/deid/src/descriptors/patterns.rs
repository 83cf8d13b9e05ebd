//! What identifies by its form: dates in any spelling, telephone, resident and other long numbers, addresses of mail
//! and web.

use std::{ops::Range, sync::OnceLock};

use regex::Regex;

const MONTH: &str = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";

/// The expressions. Word edges are looked at by hand where digits follow each other.
fn expressions() -> &'static [Regex] {
    static ALL: OnceLock<Vec<Regex>> = OnceLock::new();
    ALL.get_or_init(|| {
        let separator = r"\s?[-./_]\s?";
        [
            // 2020-01-27, 2020. 1. 27., 20200127
            format!(r"(?:19|20)\d\d(?:{separator}|\s)\d{{1,2}}(?:{separator}|\s)\d{{1,2}}"),
            // 27.01.2020, 1/27/20, 20-01-27
            format!(r"\d{{1,2}}{separator}\d{{1,2}}{separator}\d{{2,4}}"),
            // 2020-01, 01/2020
            r"(?:19|20)\d\d\s?[-./]\s?\d{1,2}".to_owned(),
            r"\d{1,2}\s?[-./]\s?(?:19|20)\d\d".to_owned(),
            // 27 Jan 2020, Jan 27th, 2020, 27JAN, Jan 2020
            format!(r"(?i)\d{{1,2}}(?:st|nd|rd|th)?[-\s./,]*{MONTH}(?:[-\s./,]*\d{{2,4}}|\b)"),
            format!(r"(?i)\b{MONTH}[-\s./,]*\d{{1,2}}(?:st|nd|rd|th)?(?:[-\s./,]+\d{{2,4}})?\b"),
            format!(r"(?i)\b{MONTH}[-\s./,']*(?:19|20)\d\d\b"),
            format!(r"(?i)(?:19|20)\d\d[-\s./,]*{MONTH}(?:[-\s./,]*\d{{1,2}}|\b)"),
            // 2020년 1월 27일, 1월 27일, 58년생, '58.10
            r"\d{2,4}\s?년\s?\d{1,2}\s?월(?:\s?\d{1,2}\s?일)?".to_owned(),
            r"\d{1,2}\s?월\s?\d{1,2}\s?일".to_owned(),
            r"(?:19|20)\d\d\s?년?(?:생|도)?".to_owned(),
            r"\d{2}\s?년\s?생".to_owned(),
            // a time of day beside a date
            r"\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?".to_owned(),
            // telephone, resident and other numbers: seven digits and more in groups
            r"\+?\d(?:[\s().-]{0,2}\d){6,}".to_owned(),
            // five digits and more in one piece, with letters around them or not
            r"[A-Za-z]{0,4}\d{5,}[A-Za-z0-9]*".to_owned(),
            // numbers with letters of an order or a record: A-1234, 12-3456
            r"[A-Za-z]{0,3}\d{1,4}-\d{4,}".to_owned(),
            r"\b[A-Za-z]{1,4}[-#]\d{4,}".to_owned(),
            // mail, web, paths of machines
            r"[\w.+-]+@[\w.-]+".to_owned(),
            r"(?i)(?:https?://|www\.)\S+".to_owned(),
            r"\\\\\S+".to_owned(),
            r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}".to_owned(),
        ]
        .iter()
        .filter_map(|expression| Regex::new(expression).ok())
        .collect()
    })
}

/// Where in `text` such things stand, unordered.
pub(super) fn spans(text: &str) -> Vec<Range<usize>> {
    if !text.bytes().any(|b| b.is_ascii_digit() || matches!(b, b'@' | b'w' | b'W' | b'\\' | b'h' | b'H')) {
        return Vec::new();
    }
    let found = expressions().iter().flat_map(|expression| expression.find_iter(text));
    found.map(|found| found.range()).filter(|range| !is_measurement(text, range)).collect()
}

/// A month's name inside a longer word, a year that goes on as a longer number, a decimal number: not a date.
fn is_measurement(text: &str, range: &Range<usize>) -> bool {
    let digit = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_digit());
    let bytes = text.as_bytes();
    let first = bytes.get(range.start).copied();
    let before = range.start.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    let after = bytes.get(range.end).copied();
    let cut = digit(first) && digit(before) || digit(bytes.get(range.end - 1).copied()) && digit(after);
    let digits = text[range.clone()].bytes().filter(u8::is_ascii_digit).count();
    // a cut number of fewer than five digits is looked at as a token
    cut && digits < 5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str) -> String {
        let all = spans(text);
        let outside = |at: &usize| !all.iter().any(|range| range.contains(at));
        text.char_indices().filter(|(at, _)| outside(at)).map(|(_, c)| c).collect()
    }

    #[test]
    fn the_expressions_compile() {
        assert_eq!(expressions().len(), 21);
    }

    #[test]
    fn dates_and_numbers_are_found_in_every_spelling() {
        for text in [
            "2020-01-27",
            "2020.01.27",
            "2020. 1. 27",
            "2020/1/27",
            "20200127",
            "27/01/2020",
            "1/27/20",
            "27.01.2020",
            "27 Jan 2020",
            "27-JAN-2020",
            "January 27, 2020",
            "Jan 27th",
            "27JAN2020",
            "Jan 2020",
            "2020년 1월 27일",
            "20년 1월 27일",
            "1월 27일",
            "1958년생",
            "58년생",
            "2020",
            "010-2487-0584",
            "010 2487 0584",
            "(02) 312-3050",
            "+82-10-2487-0584",
            "581013-1692554",
            "5810131692554",
            "04059130",
            "A2005094574",
            "a.b@c.kr",
            "www.hanbit.kr",
            "10:23",
            "192.168.0.1",
            "DX-12345",
            "2020 Jan 27",
            "Mar 3",
        ] {
            let rest: String = left(text).chars().filter(|c| c.is_alphanumeric()).collect();
            assert_eq!(rest, "", "{text}");
        }
    }

    #[test]
    fn technique_is_left() {
        for text in [
            "Thorax Routine 5.0 Br40d",
            "AP ERECT 110 kVp",
            "2.5 mGy",
            "Chest^01_LowDose_Lung (Adult)",
            "1.25 mm / 0.625",
            "T2W 3D",
            "L4-L5",
            "3 months",
            "6개월 후",
            "64 slices",
            "0.984:1",
            "PA and lateral",
            "marked decompression",
        ] {
            assert_eq!(left(text), text);
        }
    }
}
