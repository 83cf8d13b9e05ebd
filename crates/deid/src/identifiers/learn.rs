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
    /// Numbers are taken from text attributes that the basic profile removes, replaces or empties, and from
    /// whatever has the form of a resident number, a telephone or an e-mail address.
    pub fn learn(&mut self, data_set: &DataSet) {
        let basic = Options::basic();
        self.learn_level(data_set, &basic);
    }

    fn learn_level(&mut self, data_set: &DataSet, basic: &Options) {
        for element in data_set {
            if let Value::Sequence(sequence) = element.value() {
                sequence.items().iter().for_each(|item| self.learn_level(item, basic));
            } else if let Some(value) = text::of(element) {
                self.learn_value(element.tag(), text::vr(element), &value, basic);
            }
        }
    }

    fn learn_value(&mut self, tag: Tag, vr: VR, value: &str, basic: &Options) {
        match vr {
            VR::PN => self.add_name(value),
            VR::DA | VR::DT => self.learn_days(tag, value),
            VR::UI
                if matches!(
                    tag,
                    tags::STUDY_INSTANCE_UID | tags::SERIES_INSTANCE_UID | tags::FRAME_OF_REFERENCE_UID
                ) =>
            {
                if !value.starts_with(crate::uids::STANDARD_ROOT) && value.len() >= 10 {
                    self.uids.insert(value.to_owned());
                }
            }
            VR::UI | VR::TM | VR::DS | VR::IS | VR::AS | VR::CS => {}
            _ => self.learn_text(tag, value, basic),
        }
    }

    fn learn_days(&mut self, tag: Tag, value: &str) {
        let days = value.split('\\').filter_map(parse_date);
        if tag == tags::PATIENT_BIRTH_DATE { self.births.extend(days) } else { self.dates.extend(days) }
    }

    fn learn_text(&mut self, tag: Tag, value: &str, basic: &Options) {
        self.add_numbers_in(value);
        if PHRASES.contains(&tag) {
            self.add_phrase(value);
        } else if tag.0 % 2 == 0 && names_someone(tag, basic) {
            self.add_number(value);
        }
    }
}

/// Whether the basic profile removes, empties or replaces the attribute, and it holds a number of a person or
/// a visit: not a description, which the clean options keep.
fn names_someone(tag: Tag, basic: &Options) -> bool {
    let cleaned = confidentiality::action(tag, &Options::default_profile()) == Some(Action::Clean);
    let removed = !matches!(
        confidentiality::action(tag, basic),
        None | Some(Action::Keep | Action::Clean | Action::ShiftDate | Action::Uid)
    );
    removed && !cleaned && !crate::device::is_device(tag)
}
