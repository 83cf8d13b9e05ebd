//! Attributes by keyword or tag, alone or inside sequences (PS3.18 table 8.3.4-1).

use std::fmt;

use dicom_core::{
    Tag, VR,
    dictionary::{DataDictionary, DataDictionaryEntry, VirtualVr},
};
use dicom_dictionary_std::StandardDataDictionary;

use super::QueryError;

/// Deepest path of sequences that is read.
const DEEPEST: usize = 8;
/// Longest name that an error repeats.
const LONGEST_NAME: usize = 64;

/// An attribute with the sequences that it is in, outermost first; never empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributePath(Vec<Tag>);

impl AttributePath {
    /// Reads `StudyDate`, `00080020`, `RequestAttributesSequence.ScheduledProcedureStepID` or `00400275.00400009`.
    pub(super) fn parse(name: &str) -> Result<Self, QueryError> {
        let unknown = || QueryError::UnknownAttribute(shown(name));
        let tags: Option<Vec<Tag>> = name.split('.').take(DEEPEST + 1).map(tag).collect();
        let tags = tags.filter(|tags| tags.len() <= DEEPEST).ok_or_else(unknown)?;
        let (_, sequences) = tags.split_last().ok_or_else(unknown)?;
        if sequences.iter().any(|tag| !matches!(vr(*tag), Some(VR::SQ) | None)) {
            return Err(unknown());
        }
        Ok(Self(tags))
    }

    /// The attribute itself.
    pub fn tag(&self) -> Tag {
        self.0.last().copied().unwrap_or(Tag(0, 0))
    }

    /// The attribute, when it is in no sequence.
    pub fn top_level(&self) -> Option<Tag> {
        if let [tag] = self.0[..] { Some(tag) } else { None }
    }

    /// Sequences and attribute, outermost first.
    pub fn tags(&self) -> &[Tag] {
        &self.0
    }

    /// The attribute's VR where the data dictionary has one.
    pub fn vr(&self) -> Option<VR> {
        vr(self.tag())
    }
}

impl fmt::Display for AttributePath {
    /// Tags as in `00400275.00400009`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, tag) in self.0.iter().enumerate() {
            let dot = if number > 0 { "." } else { "" };
            write!(f, "{dot}{:04X}{:04X}", tag.group(), tag.element())?;
        }
        Ok(())
    }
}

/// A name for an error: what cannot be a name is not repeated.
pub(super) fn shown(name: &str) -> String {
    let is_name = name.len() <= LONGEST_NAME && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    if is_name && !name.is_empty() { name.to_owned() } else { "a parameter".to_owned() }
}

fn tag(name: &str) -> Option<Tag> {
    if name.len() == 8 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let number = u32::from_str_radix(name, 16).ok()?;
        return Some(Tag((number >> 16) as u16, number as u16));
    }
    Some(StandardDataDictionary.by_name(name)?.tag())
}

fn vr(tag: Tag) -> Option<VR> {
    match StandardDataDictionary.by_tag(tag)?.vr() {
        VirtualVr::Exact(vr) => Some(vr),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use dicom_dictionary_std::tags;

    use super::*;

    #[test]
    fn keywords_and_tags_name_the_same() {
        for (name, path) in [
            ("StudyDate", vec![tags::STUDY_DATE]),
            ("00080020", vec![tags::STUDY_DATE]),
            ("7fe00010", vec![tags::PIXEL_DATA]),
            (
                "RequestAttributesSequence.ScheduledProcedureStepID",
                vec![Tag(0x0040, 0x0275), Tag(0x0040, 0x0009)],
            ),
            ("00400275.00400009", vec![Tag(0x0040, 0x0275), Tag(0x0040, 0x0009)]),
            ("00091001", vec![Tag(0x0009, 0x1001)]),
        ] {
            assert_eq!(AttributePath::parse(name).unwrap().tags(), path, "{name}");
        }
        assert_eq!(AttributePath::parse("00400275.00400009").unwrap().to_string(), "00400275.00400009");
        for bad in
            ["", "studydate", "NoSuchThing", "0008002", "StudyDate.", ".StudyDate", "StudyDate.PatientID"]
        {
            assert!(matches!(AttributePath::parse(bad), Err(QueryError::UnknownAttribute(_))), "{bad}");
        }
        let deep = ["RequestAttributesSequence"; 9].join(".");
        assert!(AttributePath::parse(&deep).is_err());
    }

    #[test]
    fn an_error_repeats_names_only() {
        let error = AttributePath::parse("Hong Gildong 19500101").unwrap_err();
        assert!(!error.to_string().contains("Hong"), "{error}");
    }
}
