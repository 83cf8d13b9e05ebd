//! The one door out: an identified file in, a finished instance, a wait or a refusal out.

use aho_corasick::AhoCorasick;
use sumgil_dicom::{
    DataSet, Part10, access, checker,
    dicom_core::{PrimitiveValue, Tag, VR},
    dictionary::tags,
    write,
};
use sumgil_model::SubjectId;

use crate::{
    Deidentified, Identified, Instance, Outcome, Overrule, Patient, Profile, PseudonymKey, Reason, actions,
    gate::{self, Place},
    route::route,
    text::Element,
    uids,
};

/// De-identifies one file of `patient` under `profile`, and lets it pass the last gate.
///
/// `patient` has to carry what was learned from all files of the patient that are at hand, this one included.
/// `overrule` names quarantine reasons that a data manager released for this file.
pub fn deidentify(
    file: Identified<Part10>,
    patient: &Patient,
    key: &PseudonymKey,
    profile: &Profile,
    overrule: &Overrule,
) -> Outcome {
    let file = file.into_inner();
    let waits = match route(&file.data_set) {
        Err(reason) => return Outcome::Refused(reason),
        Ok(reasons) => {
            reasons.into_iter().filter(|reason| !overrule.releases(reason.code)).collect::<Vec<_>>()
        }
    };
    if !waits.is_empty() {
        return Outcome::Quarantine(waits);
    }
    match finish(file, patient, key, profile, overrule) {
        Ok(instance) => Outcome::Cleared(Deidentified::vouched(instance)),
        Err(Stop::Wait(reasons)) => Outcome::Quarantine(reasons),
        Err(Stop::Refuse(reason)) => Outcome::Refused(reason),
    }
}

/// Why a file was not finished.
enum Stop {
    Wait(Vec<Reason>),
    Refuse(Reason),
}

fn finish(
    file: Part10,
    patient: &Patient,
    key: &PseudonymKey,
    profile: &Profile,
    overrule: &Overrule,
) -> Result<Instance, Stop> {
    let own_uid = own_uid(&file.data_set);
    let subject = key.subject(patient.identity());
    let data_set = clean(file.data_set, patient, key, profile, &subject);
    let mut reasons: Vec<Reason> = checker::check(&data_set, profile.options())
        .into_iter()
        .map(|finding| Reason::new("checker", format!("{} at {}", finding.rule, finding.path)))
        .collect();
    let found = gate::search(&data_set, patient.searcher(), own_uid.as_ref()).map(gate_reason);
    reasons.extend(found.filter(|reason| !overrule.releases(reason.code)));
    if !reasons.is_empty() {
        return Err(Stop::Wait(reasons));
    }
    let invalid =
        || Stop::Refuse(Reason::new("no-instance", "study, series, SOP class or SOP instance UID is absent"));
    let bytes = write(&data_set, &file.transfer_syntax)
        .map_err(|error| Stop::Refuse(Reason::new("cannot-write", error.to_string())))?;
    Ok(Instance {
        subject,
        study: access::uid(&data_set, tags::STUDY_INSTANCE_UID).ok_or_else(invalid)?,
        series: access::uid(&data_set, tags::SERIES_INSTANCE_UID).ok_or_else(invalid)?,
        sop_instance: access::uid(&data_set, tags::SOP_INSTANCE_UID).ok_or_else(invalid)?,
        sop_class: access::uid(&data_set, tags::SOP_CLASS_UID).ok_or_else(invalid)?,
        transfer_syntax: file.transfer_syntax,
        bytes,
    })
}

fn clean(
    data_set: DataSet,
    patient: &Patient,
    key: &PseudonymKey,
    profile: &Profile,
    subject: &SubjectId,
) -> DataSet {
    let age = actions::derive_age(&data_set);
    let sop_class = access::text(&data_set, tags::SOP_CLASS_UID).unwrap_or_default();
    let rules = actions::Rules {
        key,
        options: profile.options(),
        shift: key.shift_days(patient.identity()),
        subject: subject.as_str(),
        patient_id: patient.identity().patient_id(),
        known: patient.searcher(),
        sop_class: &sop_class,
    };
    let mut out = actions::apply(data_set, &rules);
    let mut put = |tag: Tag, vr: VR, value: &str| {
        out.put(Element::new(tag, vr, PrimitiveValue::from(value)));
    };
    put(tags::PATIENT_NAME, VR::PN, subject.as_str());
    put(tags::PATIENT_ID, VR::LO, subject.as_str());
    if let Some(age) = age {
        put(tags::PATIENT_AGE, VR::AS, &age);
    }
    let has_pixels = [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA]
        .iter()
        .any(|tag| out.get(*tag).is_some());
    actions::describe(&mut out, profile, has_pixels);
    out
}

/// The file's own SOP instance UID, to be found nowhere in the output. The UIDs that it shares with other files
/// are among the patient's identifiers.
fn own_uid(data_set: &DataSet) -> Option<AhoCorasick> {
    let own = access::text(data_set, tags::SOP_INSTANCE_UID)?;
    if own.len() < 8 || uids::is_standard(&own) { None } else { AhoCorasick::new([own]).ok() }
}

pub(crate) fn gate_reason(place: Place) -> Reason {
    let at = |tag: Tag| format!("({:04X},{:04X})", tag.0, tag.1);
    match place {
        Place::Text(tag) => Reason::new(
            "identifier-in-text",
            format!("an identifier of the patient is in the text of {}", at(tag)),
        ),
        Place::Bulk(tag) => Reason::new(
            "identifier-in-bulk",
            format!("an identifier of the patient is in the bytes of {}", at(tag)),
        ),
    }
}
