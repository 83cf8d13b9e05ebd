//! A date in the spellings in which a text may carry it, words-read.

use jiff::civil::Date;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const LONG_MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Spellings with the year in full. Every separator reads as a space.
pub(crate) fn spellings(date: Date) -> Vec<String> {
    let (y, m, d) = (date.year(), date.month(), date.day());
    let index = usize::from(m.unsigned_abs()).saturating_sub(1).min(11);
    let (short, long) = (MONTHS[index], LONG_MONTHS[index]);
    let mut out = vec![
        format!("{y:04}{m:02}{d:02}"),
        format!("{y:04} {m:02} {d:02}"),
        format!("{y:04} {m} {d}"),
        format!("{d:02} {m:02} {y:04}"),
        format!("{m:02} {d:02} {y:04}"),
        format!("{d} {m} {y:04}"),
        format!("{m} {d} {y:04}"),
        format!("{y:04}년 {m}월 {d}일"),
        format!("{y:04}년 {m:02}월 {d:02}일"),
        format!("{y:04}년{m}월{d}일"),
        format!("{y:04}년{m:02}월{d:02}일"),
    ];
    for month in [short, long] {
        out.extend([
            format!("{d:02} {month} {y:04}"),
            format!("{d} {month} {y:04}"),
            format!("{d:02}{month}{y:04}"),
            format!("{month} {d} {y:04}"),
            format!("{month} {d:02} {y:04}"),
            format!("{y:04} {month} {d:02}"),
        ]);
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// Spellings with two digits for the year: for dates of birth, which are written so on forms.
pub(crate) fn short_spellings(date: Date) -> Vec<String> {
    let (y, m, d) = (date.year().rem_euclid(100), date.month(), date.day());
    vec![
        format!("{y:02}{m:02}{d:02}"),
        format!("{y:02} {m:02} {d:02}"),
        format!("{y:02}년 {m}월 {d}일"),
        format!("{y:02}년 {m:02}월 {d:02}일"),
    ]
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::normal::words;
    use super::*;

    #[test]
    fn common_spellings_are_among_them() {
        let all = spellings(date(1997, 8, 9));
        for text in [
            "1997-08-09",
            "1997. 8. 9",
            "09/08/1997",
            "08/09/1997",
            "9 Aug 1997",
            "09AUG1997",
            "1997년 8월 9일",
        ] {
            assert!(all.contains(&words(text)), "{text}");
        }
        assert!(short_spellings(date(1997, 8, 9)).contains(&"970809".to_owned()));
    }
}
