//! Reading single attributes of a [`DataSet`] that was read by this crate.

use dicom_core::Tag;
use sumgil_model::{Uid, UidKind};

use crate::DataSet;

/// The text of `tag` without padding, values joined by backslashes; `None` if absent, empty or not text.
pub fn text(data_set: &DataSet, tag: Tag) -> Option<String> {
    let value = data_set.get(tag)?.to_str().ok()?;
    let text = value.trim_matches(['\0', ' ']);
    if text.is_empty() { None } else { Some(text.to_owned()) }
}

/// The values of `tag` as text, each without padding; empty if absent or not text.
pub fn texts(data_set: &DataSet, tag: Tag) -> Vec<String> {
    let values = data_set.get(tag).and_then(|element| element.to_multi_str().ok());
    values.map_or_else(Vec::new, |values| {
        values.iter().map(|value| value.trim_matches(['\0', ' ']).to_owned()).collect()
    })
}

/// The UID of `tag`; `None` if absent or no valid UID.
pub fn uid<K: UidKind>(data_set: &DataSet, tag: Tag) -> Option<Uid<K>> {
    Uid::parse(&text(data_set, tag)?).ok()
}

/// The first value of `tag` as a whole number (US, SS, UL, SL, IS ...).
pub fn integer(data_set: &DataSet, tag: Tag) -> Option<i64> {
    data_set.get(tag)?.to_int().ok()
}

/// The first value of `tag` as a number (DS, FL, FD, IS ...).
pub fn number(data_set: &DataSet, tag: Tag) -> Option<f64> {
    let number = data_set.get(tag)?.to_float64().ok()?;
    number.is_finite().then_some(number)
}

/// The date of `tag` (DA); `None` if absent or no date.
pub fn date(data_set: &DataSet, tag: Tag) -> Option<jiff::civil::Date> {
    parse_date(&text(data_set, tag)?)
}

/// A DA value, `YYYYMMDD` or the old `YYYY.MM.DD` (PS3.5 6.2).
pub fn parse_date(text: &str) -> Option<jiff::civil::Date> {
    let digits: String = text.trim().chars().filter(|c| *c != '.').collect();
    if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
    let (month, day) = (part(4, 6)?.try_into().ok()?, part(6, 8)?.try_into().ok()?);
    jiff::civil::Date::new(part(0, 4)?, month, day).ok()
}

/// The bytes of a binary value (OB, OW, UN ...), little endian; `None` if absent, empty or not binary.
pub fn bytes(data_set: &DataSet, tag: Tag) -> Option<&[u8]> {
    match data_set.get(tag)?.value().primitive()? {
        dicom_core::PrimitiveValue::U8(bytes) => Some(bytes),
        _ => None,
    }
}
