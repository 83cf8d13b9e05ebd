//! Every text of an instance, before and after.

use std::collections::HashMap;

use sumgil_dicom::{
    DataSet,
    dicom_core::{
        Tag, VR,
        dictionary::{DataDictionary, DataDictionaryEntry},
        header::Header,
        value::Value,
    },
    dictionary::StandardDataDictionary,
};

/// Most rows of a table.
const MOST_ROWS: usize = 3000;
/// Most characters of a value that are shown.
const MOST_CHARACTERS: usize = 400;

/// One attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Tags from the outside in, with the number of each item.
    pub path: String,
    /// The attribute's name in the standard; empty when it has none.
    pub name: String,
    /// Its text in the original; `None` when it is not there.
    pub before: Option<String>,
    /// Its text in the result; `None` when it is not there.
    pub after: Option<String>,
}

/// The texts of `before` and `after`, in the order of the original; what is new stands at the end.
pub fn compare(before: &DataSet, after: Option<&DataSet>) -> Vec<Row> {
    let mut old = Vec::new();
    flatten(before, "", &mut old);
    let mut new = Vec::new();
    if let Some(after) = after {
        flatten(after, "", &mut new);
    }
    let mut after: HashMap<String, String> =
        new.iter().map(|(path, _, text)| (path.clone(), text.clone())).collect();
    let mut rows: Vec<Row> = old
        .into_iter()
        .map(|(path, tag, text)| Row {
            after: after.remove(&path),
            name: name(tag),
            path,
            before: Some(text),
        })
        .collect();
    rows.extend(new.into_iter().filter_map(|(path, tag, _)| {
        let text = after.remove(&path)?;
        Some(Row { path, name: name(tag), before: None, after: Some(text) })
    }));
    rows.truncate(MOST_ROWS);
    rows
}

fn flatten(data_set: &DataSet, above: &str, rows: &mut Vec<(String, Tag, String)>) {
    for element in data_set {
        if rows.len() >= MOST_ROWS {
            return;
        }
        let tag = element.tag();
        let path = format!("{above}({:04X},{:04X})", tag.0, tag.1);
        match element.value() {
            Value::Sequence(sequence) => {
                for (n, item) in sequence.items().iter().enumerate() {
                    flatten(item, &format!("{path}[{n}] "), rows);
                }
            }
            Value::Primitive(value) if is_text(element.vr()) => {
                let text = value.to_str();
                let text = text.trim_matches(['\0', ' ']);
                if !text.is_empty() {
                    rows.push((path, tag, text.chars().take(MOST_CHARACTERS).collect()));
                }
            }
            Value::Primitive(_) | Value::PixelSequence(_) => {}
        }
    }
}

fn is_text(vr: VR) -> bool {
    !matches!(vr, VR::OB | VR::OW | VR::OF | VR::OD | VR::OL | VR::OV | VR::UN | VR::SQ)
}

fn name(tag: Tag) -> String {
    StandardDataDictionary.by_tag(tag).map(|entry| spaced(entry.alias())).unwrap_or_default()
}

/// `PatientBirthDate` as "Patient Birth Date"; abbreviations stay whole.
fn spaced(keyword: &str) -> String {
    let characters: Vec<char> = keyword.chars().collect();
    let mut text = String::new();
    for (n, c) in characters.iter().enumerate() {
        let after_lower = n > 0 && characters[n - 1].is_lowercase();
        let before_lower = characters.get(n + 1).is_some_and(|next| next.is_lowercase());
        if n > 0 && c.is_uppercase() && (after_lower || before_lower) {
            text.push(' ');
        }
        text.push(*c);
    }
    text
}

#[cfg(test)]
mod tests {
    use sumgil_dicom::{
        dicom_core::{DataElement, PrimitiveValue},
        dictionary::tags,
    };

    use super::*;

    #[test]
    fn what_goes_stays_and_comes_is_told() {
        let set = |elements: &[(Tag, &str)]| {
            DataSet::from_element_iter(
                elements
                    .iter()
                    .map(|(tag, text)| DataElement::new(*tag, VR::LO, PrimitiveValue::from(*text))),
            )
        };
        let before = set(&[(tags::PATIENT_ID, "00123"), (tags::STUDY_ID, "7")]);
        let after = set(&[(tags::PATIENT_ID, "sub-1"), (tags::PATIENT_IDENTITY_REMOVED, "YES")]);
        let rows = compare(&before, Some(&after));
        let told: Vec<_> =
            rows.iter().map(|r| (r.name.as_str(), r.before.as_deref(), r.after.as_deref())).collect();
        assert_eq!(
            told,
            [
                ("Patient ID", Some("00123"), Some("sub-1")),
                ("Study ID", Some("7"), None),
                ("Patient Identity Removed", None, Some("YES")),
            ]
        );
    }

    #[test]
    fn keywords_are_read_as_words() {
        assert_eq!(spaced("SOPClassUID"), "SOP Class UID");
        assert_eq!(spaced("PatientBirthDate"), "Patient Birth Date");
        assert_eq!(spaced("KVP"), "KVP");
    }
}
