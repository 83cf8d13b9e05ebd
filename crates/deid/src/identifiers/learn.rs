//! Learning a patient's identifiers from a header.

use sumgil_dicom::{
    DataSet,
    confidentiality::{self, Action, Options},
    dicom_core::{Tag, VR, header::Header, value::Value},
    dictionary::tags,
};

use super::PatientIdentifiers;
use crate::{shift::parse_date, text};

/// Attributes whose whole value is an institution's name, an address or an issuer.
const PHRASES: [Tag; 8] = [
    tags::INSTITUTION_NAME,
    tags::INSTITUTION_ADDRESS,
    tags::PATIENT_ADDRESS,
    tags::REFERRING_PHYSICIAN_ADDRESS,
    tags::PERSON_ADDRESS,
    tags::ISSUER_OF_PATIENT_ID,
    tags::RESPONSIBLE_ORGANIZATION,
    tags::PATIENT_INSTITUTION_RESIDENCE,
];

impl PatientIdentifiers {
    /// Learns from a header: every person name, number, institution, address and date at every depth, private
    /// elements included.
    ///
    /// Numbers are taken from text attributes that the default profile removes, replaces or empties, and from
    /// whatever has the form of a resident number, a telephone or an e-mail address.
    pub fn learn(&mut self, data_set: &DataSet) {
        self.learn_level(data_set, &Options::default_profile());
    }

    fn learn_level(&mut self, data_set: &DataSet, profile: &Options) {
        for element in data_set {
            if let Value::Sequence(sequence) = element.value() {
                sequence.items().iter().for_each(|item| self.learn_level(item, profile));
            } else if let Some(value) = text::of(element) {
                self.learn_value(element.tag(), text::vr(element), &value, profile);
            }
        }
    }

    fn learn_value(&mut self, tag: Tag, vr: VR, value: &str, profile: &Options) {
        match vr {
            VR::PN => self.add_name(value),
            VR::DA | VR::DT => self.learn_days(tag, value),
            VR::UI
                if matches!(
                    tag,
                    tags::STUDY_INSTANCE_UID | tags::SERIES_INSTANCE_UID | tags::FRAME_OF_REFERENCE_UID
                ) =>
            {
                if !value.starts_with(confidentiality::STANDARD_ROOT) && value.len() >= 10 {
                    self.uids.insert(value.to_owned());
                }
            }
            VR::UI | VR::TM | VR::DS | VR::IS | VR::AS | VR::CS => {}
            _ => self.learn_text(tag, value, profile),
        }
    }

    fn learn_days(&mut self, tag: Tag, value: &str) {
        let days = value.split('\\').filter_map(parse_date);
        if tag == tags::PATIENT_BIRTH_DATE { self.births.extend(days) } else { self.dates.extend(days) }
    }

    fn learn_text(&mut self, tag: Tag, value: &str, profile: &Options) {
        self.add_numbers_in(value);
        if PHRASES.contains(&tag) {
            self.add_phrase(value);
        } else if tag.0.is_multiple_of(2) && names_someone(tag, profile) {
            self.add_number(value);
        }
    }
}

/// Whether the profile removes, empties or replaces the attribute: then a number in it is one of a person, a
/// visit or an order. Descriptions, which are cleaned, and what is retained are not.
fn names_someone(tag: Tag, profile: &Options) -> bool {
    let removed = matches!(
        confidentiality::action(tag, profile),
        Some(Action::Remove | Action::Empty | Action::Dummy | Action::Replace(_))
    );
    removed && !crate::device::is_device(tag)
}
