//! One shift of whole days for each patient, applied to every date (PS3.15 E.3.6, modified dates).
//!
//! Times of day stay as they are: a whole number of days keeps every interval, the weekday of a season and
//! the hour of the exam; what identifies is the date.

use jiff::{ToSpan, civil::Date};

/// A patient's shift. The same for images and for clinical tables.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DateShift(i32);

impl DateShift {
    pub(crate) fn of_days(days: i32) -> Self {
        Self(days)
    }

    /// Days to add; never 0.
    pub fn days(self) -> i32 {
        self.0
    }

    /// The shifted date; `None` where it would leave the calendar.
    pub fn date(self, date: Date) -> Option<Date> {
        date.checked_add(self.0.days()).ok()
    }

    /// A value of VR DA, shifted: `YYYYMMDD`. Also reads `YYYY.MM.DD` (ACR-NEMA) and `YYYY-MM-DD`; `None`
    /// when it is no date.
    pub fn da(self, value: &str) -> Option<String> {
        self.date(parse_da(value)?).map(compact)
    }

    /// As [`Self::da`], for values that break the VR: of a date with something behind it the date is shifted and the
    /// rest dropped; of a range both ends are shifted.
    pub fn da_leniently(self, value: &str) -> Option<String> {
        let value = value.trim_matches(['\0', ' ']);
        let range = || {
            let (first, last) = value.split_once('-')?;
            Some(format!("{}-{}", self.da(first)?, self.da(last)?))
        };
        let leading = |length: usize| self.da(value.get(..length)?);
        self.da(value).or_else(range).or_else(|| leading(10)).or_else(|| leading(8))
    }

    /// A value of VR DT, shifted; what follows the date is kept. A value of only a year, or a year and month,
    /// is shifted from its middle and keeps its precision.
    pub fn dt(self, value: &str) -> Option<String> {
        let value = value.trim_matches(['\0', ' ']);
        let end = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
        let (digits, rest) = value.split_at(end);
        if let Some((first, last)) = value.split_once('-')
            && parse_date(last).is_some()
            && parse_da(value).is_none()
        {
            return Some(format!("{}-{}", self.dt(first)?, self.dt(last)?));
        }
        if !rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '+' | '-')) || digits.len() > 14 {
            return self.da(value);
        }
        match digits.len() {
            4 if rest.is_empty() => {
                Some(compact(self.date(parse_da(&format!("{digits}0701"))?)?)[..4].to_owned())
            }
            6 if rest.is_empty() => {
                Some(compact(self.date(parse_da(&format!("{digits}15"))?)?)[..6].to_owned())
            }
            8.. => Some(format!("{}{}{rest}", self.da(&digits[..8])?, &digits[8..])),
            _ => self.da(value),
        }
    }
}

/// The date of a DA value or of the beginning of a DT value.
pub(crate) fn parse_date(value: &str) -> Option<Date> {
    let value = value.trim_matches(['\0', ' ']);
    parse_da(value).or_else(|| parse_da(value.get(..8)?))
}

fn parse_da(value: &str) -> Option<Date> {
    let value = value.trim_matches(['\0', ' ']).as_bytes();
    let digits: Vec<u8> = match value.len() {
        8 => value.to_vec(),
        10 if value[4] == value[7] && matches!(value[4], b'.' | b'-' | b'/') => {
            [&value[..4], &value[5..7], &value[8..]].concat()
        }
        _ => return None,
    };
    let number = |range: std::ops::Range<usize>| -> Option<i16> {
        let text = std::str::from_utf8(&digits[range]).ok()?;
        text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
    };
    Date::new(number(0..4)?, number(4..6)? as i8, number(6..8)? as i8).ok()
}

fn compact(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_in_every_spelling_of_the_vr_move() {
        let shift = DateShift::of_days(-30);
        assert_eq!(shift.da("20200115").as_deref(), Some("20191216"));
        assert_eq!(shift.da("2020.01.15").as_deref(), Some("20191216"));
        assert_eq!(shift.da("20201332"), None);
        assert_eq!(shift.da("kim"), None);
        assert_eq!(shift.dt("20200115194623.518+0900").as_deref(), Some("20191216194623.518+0900"));
        assert_eq!(shift.dt("20200115-0500").as_deref(), Some("20191216-0500"));
        assert_eq!(shift.dt("202001").as_deref(), Some("201912"));
        assert_eq!(shift.dt("2020").as_deref(), Some("2020"));
        assert_eq!(shift.dt("20200115-20200116").as_deref(), Some("20191216-20191217"));
        assert_eq!(shift.da_leniently("20200115-20200116").as_deref(), Some("20191216-20191217"));
        assert_eq!(shift.da_leniently("2020-01-15T10:11:12").as_deref(), Some("20191216"));
        assert_eq!(shift.da_leniently("20200115101112").as_deref(), Some("20191216"));
        assert_eq!(shift.da_leniently("Kim 20200115"), None);
        assert_eq!(shift.dt("20200115 for Kim"), None);
    }

    proptest! {
        #[test]
        fn a_shift_is_bijective_and_keeps_intervals(
            days in -3650_i32..=3650, a in -20_000_i32..20_000, b in -20_000_i32..20_000,
        ) {
            let day = |n: i32| date(2000, 1, 1).checked_add(n.days()).unwrap();
            let (shift, back) = (DateShift::of_days(days), DateShift::of_days(-days));
            let (x, y) = (shift.date(day(a)).unwrap(), shift.date(day(b)).unwrap());
            prop_assert_eq!(back.date(x).unwrap(), day(a));
            prop_assert_eq!(x.until(y).unwrap().get_days(), b - a);
        }
    }
}
