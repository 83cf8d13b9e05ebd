//! Single fields of a clinical table. What is wrong is told by place and kind, never by value.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;
use sumgil_model::{Measured, MissingReason, Quantity, ReferenceRange, Value};

/// What is wrong in a table, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file, as it was given.
    pub file: String,
    /// The line, counted from 1; the header is line 1.
    pub line: u64,
    /// The column's name; empty when the whole line is meant.
    pub column: String,
    /// What is wrong, without the value.
    pub what: &'static str,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if !self.column.is_empty() {
            write!(f, "{} ", self.column)?;
        }
        f.write_str(self.what)
    }
}

/// What is wrong with one field.
pub(super) type Wrong = &'static str;

/// The reason why there is no value, if the field says so.
fn missing(text: &str) -> Result<Option<MissingReason>, Wrong> {
    Ok(Some(match text {
        "" => MissingReason::NotRecorded,
        "NA:not_done" => MissingReason::NotDone,
        "NA:unknown" => MissingReason::Unknown,
        "NA:not_applicable" => MissingReason::NotApplicable,
        "NA:withheld" => MissingReason::Withheld,
        other if other.starts_with("NA") => {
            return Err("is none of NA:not_done, NA:unknown, NA:not_applicable, NA:withheld");
        }
        _ => return Ok(None),
    }))
}

/// `yes` or `no`, or empty.
pub(super) fn optional_answer(text: &str) -> Result<Option<bool>, Wrong> {
    match text {
        "" => Ok(None),
        "yes" => Ok(Some(true)),
        "no" => Ok(Some(false)),
        _ => Err("is neither yes, no nor empty"),
    }
}

/// An answer of the form, or why there is none.
pub(super) fn answer(text: &str) -> Result<Value, Wrong> {
    if let Some(reason) = missing(text)? {
        return Ok(Value::Missing(reason));
    }
    let answer = optional_answer(text).map_err(|_| "is neither yes, no, empty nor NA:...")?;
    Ok(measured(Quantity::Answer(answer.unwrap_or_default()), None, ReferenceRange::default(), None, "form"))
}

/// A laboratory value with its unit, range and day, or why there is none.
pub(super) fn laboratory(
    value: &str,
    unit: &str,
    range: ReferenceRange,
    at: Option<Date>,
) -> Result<Value, Wrong> {
    if let Some(reason) = missing(value)? {
        return Ok(Value::Missing(reason));
    }
    let number = number(value)?;
    let unit = (!unit.is_empty()).then(|| unit.to_owned());
    Ok(measured(Quantity::Number(number), unit, range, at, "laboratory"))
}

fn measured(
    value: Quantity,
    unit: Option<String>,
    reference_range: ReferenceRange,
    at: Option<Date>,
    source: &str,
) -> Value {
    Value::Measured(Measured { value, unit, reference_range, at, source: source.to_owned() })
}

/// A decimal number.
pub(super) fn number(text: &str) -> Result<f64, Wrong> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    let number: Option<f64> = text.parse().ok().filter(|n: &f64| plain && n.is_finite());
    number.ok_or("is no decimal number")
}

/// A decimal number, or nothing.
pub(super) fn optional_number(text: &str) -> Result<Option<f64>, Wrong> {
    if text.is_empty() { Ok(None) } else { number(text).map(Some) }
}

/// A day, or nothing.
pub(super) fn optional_day(text: &str) -> Result<Option<Date>, Wrong> {
    if text.is_empty() { Ok(None) } else { day(text).map(Some) }
}

/// A day as `YYYY-MM-DD`.
pub(super) fn day(text: &str) -> Result<Date, Wrong> {
    let form = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| match i {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    if form {
        text.parse().map_err(|_| "is no day of the calendar")
    } else {
        Err("is no day such as 2020-03-04")
    }
}

/// A whole number of years up to 130, or nothing.
pub(super) fn optional_age(text: &str) -> Result<Option<u16>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let age: Option<u16> = text.parse().ok().filter(|age| digits && *age <= 130);
    age.map(Some).ok_or("is no age in whole years")
}

/// A name of a variable: the centre's codebook knows only such words.
pub(super) fn is_variable(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_is_told_from_numbers_and_999_is_a_number() {
        let range = ReferenceRange::default();
        let lab = |text| laboratory(text, "mg/L", range, None);
        assert_eq!(lab(""), Ok(Value::Missing(MissingReason::NotRecorded)));
        assert_eq!(lab("NA:not_done"), Ok(Value::Missing(MissingReason::NotDone)));
        assert!(lab("NA:lost").is_err());
        assert_eq!(lab("999").unwrap().number().unwrap().0, 999.0);
        for bad in ["1,000", "abc", "inf", "NaN", "1 2"] {
            assert!(lab(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn days_and_ages_have_one_form() {
        assert!(day("2020-02-29").is_ok());
        for bad in ["2021-02-29", "20200229", "2020-2-9", "29.02.2020", "2020-02-29T00:00"] {
            assert!(day(bad).is_err(), "{bad}");
        }
        assert_eq!(optional_age("97"), Ok(Some(97)));
        assert!(optional_age("-1").is_err() && optional_age("52.3").is_err() && optional_age("131").is_err());
    }
}
