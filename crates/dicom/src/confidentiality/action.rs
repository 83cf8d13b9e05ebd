//! One action per attribute: a date column beats Keep, Keep beats Clean, Clean beats the basic action.

use dicom_core::Tag;

use super::{Options, Row, row};

/// What is to be done with an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// X: the attribute goes.
    Remove,
    /// Z: the value goes (or a dummy takes its place).
    Empty,
    /// D: a non-empty dummy takes the place of the value.
    Dummy,
    /// A choice that depends on the type of the attribute in the object.
    Replace(Compound),
    /// K: stays; sequences are gone through.
    Keep,
    /// C: stays after identifying information was taken out.
    Clean,
    /// Dates are shifted by the subject's whole days, times of day stay.
    ShiftDate,
    /// U: another UID takes the place, the same wherever the old one stood.
    Uid,
}

/// Compound actions of the basic profile: the mildest that the type of the attribute requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compound {
    /// X/Z: remove, unless the attribute is type 2.
    RemoveOrEmpty,
    /// X/D: remove, unless the attribute is type 1.
    RemoveOrDummy,
    /// Z/D: empty, unless the attribute is type 1.
    EmptyOrDummy,
    /// X/Z/D: remove, unless the attribute is type 2 or 1.
    RemoveEmptyOrDummy,
    /// X/Z/U*: remove, unless it is type 2, or a type 1 sequence whose UIDs are replaced.
    RemoveEmptyOrUids,
}

/// The action for `tag` under `options`; `None` when the table does not list it.
///
/// Private attributes (odd groups) are [`Action::Remove`], or [`Action::Clean`] with the Retain Safe Private
/// Option: then those that [`super::is_safe_private`] knows may stay, all others go.
pub fn action(tag: Tag, options: &Options) -> Option<Action> {
    row(tag).map(|row| resolve(row, options))
}

/// The action that a row of the table comes to under `options`.
pub fn resolve(row: &Row, options: &Options) -> Action {
    if options.retain_modified_dates && row.modified_dates == "C" {
        return Action::ShiftDate;
    }
    if options.retain_full_dates && row.full_dates == "K" {
        return Action::Keep;
    }
    let cells = [
        (options.retain_safe_private, row.safe_private),
        (options.retain_uids, row.uids),
        (options.retain_device_identity, row.device),
        (options.retain_institution_identity, row.institution),
        (options.retain_patient_characteristics, row.patient),
        (options.clean_descriptors, row.descriptors),
        (options.clean_structured_content, row.structured),
        (options.clean_graphics, row.graphics),
    ];
    let says = |what: &str| cells.iter().any(|(on, cell)| *on && *cell == what);
    if says("K") {
        Action::Keep
    } else if says("C") {
        Action::Clean
    } else {
        basic(row.basic)
    }
}

fn basic(cell: &str) -> Action {
    match cell {
        "Z" => Action::Empty,
        "D" => Action::Dummy,
        "U" => Action::Uid,
        "K" => Action::Keep,
        "C" => Action::Clean,
        "X/Z" => Action::Replace(Compound::RemoveOrEmpty),
        "X/D" => Action::Replace(Compound::RemoveOrDummy),
        "Z/D" => Action::Replace(Compound::EmptyOrDummy),
        "X/Z/D" => Action::Replace(Compound::RemoveEmptyOrDummy),
        "X/Z/U*" => Action::Replace(Compound::RemoveEmptyOrUids),
        // X, and whatever this table may not hold: the strictest
        _ => Action::Remove,
    }
}

#[cfg(test)]
mod tests {
    use dicom_dictionary_std::tags;

    use super::*;
    use crate::confidentiality::rows;

    #[test]
    fn the_default_profile_resolves_as_described() {
        let options = Options::default_profile();
        let resolved = |tag| action(tag, &options);
        assert_eq!(resolved(tags::PATIENT_NAME), Some(Action::Empty));
        assert_eq!(resolved(tags::PATIENT_BIRTH_DATE), Some(Action::Empty));
        assert_eq!(resolved(tags::PATIENT_AGE), Some(Action::Keep));
        assert_eq!(resolved(tags::DATE_OF_LAST_CALIBRATION), Some(Action::ShiftDate));
        assert_eq!(resolved(tags::DEVICE_UID), Some(Action::Keep));
        assert_eq!(resolved(tags::STATION_NAME), Some(Action::Keep));
        assert_eq!(resolved(tags::STUDY_DESCRIPTION), Some(Action::Clean));
        assert_eq!(resolved(Tag(0x6002, 0x3000)), Some(Action::Clean));
        assert_eq!(resolved(tags::STUDY_INSTANCE_UID), Some(Action::Uid));
        assert_eq!(resolved(tags::INSTITUTION_NAME), Some(Action::Replace(Compound::RemoveEmptyOrDummy)));
        assert_eq!(resolved(tags::ROWS), None);
    }

    #[test]
    fn the_basic_profile_keeps_and_cleans_nothing() {
        for row in rows() {
            let resolved = resolve(row, &Options::basic());
            assert!(!matches!(resolved, Action::Keep | Action::Clean | Action::ShiftDate), "{}", row.tag);
        }
    }

    #[test]
    fn no_option_turns_a_kept_attribute_into_a_lost_one() {
        let all =
            Options { retain_uids: true, retain_institution_identity: true, ..Options::default_profile() };
        for row in rows() {
            if resolve(row, &Options::default_profile()) == Action::Keep {
                assert_eq!(resolve(row, &all), Action::Keep, "{}", row.tag);
            }
        }
    }
}
