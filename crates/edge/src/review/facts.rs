//! The few facts that a person wants to see first.

use sumgil_dicom::{DataSet, access, dicom_core::Tag, dictionary::tags};

/// A fact of the header, named so that a page can say it in its language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The name of the fact: a key for words.
    pub name: &'static str,
    /// As the file says it.
    pub before: String,
    /// As the result says it; empty when it is removed.
    pub after: String,
}

const FACTS: [(&str, Tag); 13] = [
    ("patient-name", tags::PATIENT_NAME),
    ("patient-id", tags::PATIENT_ID),
    ("birth-date", tags::PATIENT_BIRTH_DATE),
    ("sex", tags::PATIENT_SEX),
    ("age", tags::PATIENT_AGE),
    ("study-date", tags::STUDY_DATE),
    ("accession", tags::ACCESSION_NUMBER),
    ("institution", tags::INSTITUTION_NAME),
    ("study", tags::STUDY_DESCRIPTION),
    ("series", tags::SERIES_DESCRIPTION),
    ("body-part", tags::BODY_PART_EXAMINED),
    ("image-type", tags::IMAGE_TYPE),
    ("burned-in", tags::BURNED_IN_ANNOTATION),
];

/// The names of all facts.
#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FACTS.iter().map(|(name, _)| *name)
}

/// The facts that the original or the result has.
pub fn facts(before: &DataSet, after: Option<&DataSet>) -> Vec<Fact> {
    let get = |data_set: &DataSet, tag| {
        access::texts(data_set, tag).join(", ").trim_end_matches([',', ' ']).to_owned()
    };
    FACTS
        .iter()
        .map(|(name, tag)| Fact {
            name,
            before: get(before, *tag),
            after: after.map(|data_set| get(data_set, *tag)).unwrap_or_default(),
        })
        .filter(|fact| !fact.before.is_empty() || !fact.after.is_empty())
        .collect()
}
