//! The ways in which people write dates and numbers. Each gives the text and the value that the key names.

use jiff::civil::Date;

use super::chance::Chance;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Text and key value of a date. Spellings that a checker of usual forms does not derive are named as written.
pub(super) fn date(day: Date, korean: bool, chance: &mut Chance) -> (String, String) {
    let (y, m, d) = (day.year(), day.month(), day.day());
    let month = MONTHS[(m - 1) as usize];
    let text = match chance.size(0, if korean { 15 } else { 12 }) {
        0 => compact(day),
        1 => format!("{y}-{m:02}-{d:02}"),
        2 => format!("{y}.{m:02}.{d:02}"),
        3 => format!("{y}/{m:02}/{d:02}"),
        4 => format!("{y}. {m}. {d}"),
        5 => format!("{d:02}/{m:02}/{y}"),
        6 => format!("{m:02}/{d:02}/{y}"),
        7 => format!("{d:02}.{m:02}.{y}"),
        8 => format!("{d:02}-{month}-{y}"),
        9 => format!("{d:02} {month} {y}"),
        10 => format!("{d:02}{month}{y}").to_uppercase(),
        11 => return as_written(format!("{:02}.{m:02}.{d:02}", y % 100)),
        12 => return as_written(format!("{month} {d}, {y}")),
        13 => format!("{y}년 {m}월 {d}일"),
        14 => format!("{y}년{m}월{d}일"),
        _ => return as_written(format!("{:02}년 {m}월 {d}일", y % 100)),
    };
    (text, compact(day))
}

/// `YYYYMMDD`.
pub(super) fn compact(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// Text and key value of a phone number `010-1234-5678`.
pub(super) fn phone(number: &str, chance: &mut Chance) -> (String, String) {
    match chance.size(0, 6) {
        0 => (number.replace('-', " "), number.to_owned()),
        1 => (number.replace('-', "."), number.to_owned()),
        2 => (number.replace('-', ""), number.to_owned()),
        3 => as_written(format!("+82-{}", &number[1..])),
        _ => (number.to_owned(), number.to_owned()),
    }
}

/// Text and key value of a resident number `610312-1234567`.
pub(super) fn resident_number(number: &str, chance: &mut Chance) -> (String, String) {
    match chance.size(0, 3) {
        0 => (number.replace('-', ""), number.to_owned()),
        1 => as_written(number.replace('-', " - ")),
        _ => (number.to_owned(), number.to_owned()),
    }
}

fn as_written(text: String) -> (String, String) {
    (text.clone(), text)
}
