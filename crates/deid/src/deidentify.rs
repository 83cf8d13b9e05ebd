//! The one door out: an identified file in, a finished instance, a wait or a refusal out.

use std::cell::RefCell;

use aho_corasick::AhoCorasick;
use sumgil_dicom::{
    DataSet, Part10, access, checker,
    dicom_core::{PrimitiveValue, Tag, VR},
    dictionary::tags,
    pixels::Region,
    write,
};
use sumgil_model::{SubjectId, TransferSyntax, Uid};

use crate::{
    Deidentified, Evidence, Identified, Instance, Outcome, Overrule, Patient, Profile, PseudonymKey, Reason,
    actions,
    gate::{self, Place},
    pixels::{self, Seen},
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
    match finish(file.into_inner(), &Context { patient, key, profile, overrule }) {
        Ok(instance) => Outcome::Cleared(Deidentified::vouched(instance)),
        Err(Stop::Wait(reasons)) => Outcome::Quarantine(reasons),
        Err(Stop::Refuse(reason)) => Outcome::Refused(reason),
    }
}

/// With what a file is treated.
struct Context<'a> {
    patient: &'a Patient,
    key: &'a PseudonymKey,
    profile: &'a Profile,
    overrule: &'a Overrule,
}

/// Why a file was not finished.
enum Stop {
    Wait(Vec<Reason>),
    Refuse(Reason),
}

fn finish(mut file: Part10, context: &Context<'_>) -> Result<Instance, Stop> {
    let route = route(&file.data_set, context.profile.options()).map_err(Stop::Refuse)?;
    context.unless_released(route.waits)?;
    let (transfer_syntax, hidden) = clean_pixels(&mut file, route.look, context)?;
    let mut evidence = Evidence::default();
    pixels::clean_overlays(&mut file.data_set, &mut evidence);
    let own_uid = own_uid(&file.data_set);
    let subject = context.key.subject(context.patient.identity());
    let (data_set, evidence) = clean(file.data_set, context, &subject, evidence);
    judge(&data_set, own_uid.as_ref(), context)?;
    let invalid =
        || Stop::Refuse(Reason::new("no-instance", "study, series, SOP class or SOP instance UID is absent"));
    let bytes = write(&data_set, &transfer_syntax)
        .map_err(|error| Stop::Refuse(Reason::new("cannot-write", error.to_string())))?;
    Ok(Instance {
        subject,
        study: access::uid(&data_set, tags::STUDY_INSTANCE_UID).ok_or_else(invalid)?,
        series: access::uid(&data_set, tags::SERIES_INSTANCE_UID).ok_or_else(invalid)?,
        sop_instance: access::uid(&data_set, tags::SOP_INSTANCE_UID).ok_or_else(invalid)?,
        sop_class: access::uid(&data_set, tags::SOP_CLASS_UID).ok_or_else(invalid)?,
        transfer_syntax,
        hidden,
        evidence,
        bytes,
    })
}

impl Context<'_> {
    /// # Errors
    /// The reasons that nobody released.
    fn unless_released(&self, reasons: Vec<Reason>) -> Result<(), Stop> {
        let left: Vec<Reason> =
            reasons.into_iter().filter(|reason| !self.overrule.releases(reason.code)).collect();
        if left.is_empty() { Ok(()) } else { Err(Stop::Wait(left)) }
    }
}

/// Blacks out text: where a person said so, or else where it is found. Returns the transfer syntax to write and what
/// was blacked out.
fn clean_pixels(
    file: &mut Part10,
    look: bool,
    context: &Context<'_>,
) -> Result<(Uid<TransferSyntax>, Vec<Region>), Stop> {
    let (seen, regions) = match context.overrule.masks() {
        Some(masks) => (None, masks.to_vec()),
        None if !look => (None, Vec::new()),
        None => match pixels::look(&file.data_set, &file.transfer_syntax) {
            Ok(Seen { pixels, findings }) => {
                if !findings.doubtful.is_empty() {
                    let told =
                        format!("{} places may be text; a person has to look", findings.doubtful.len());
                    context.unless_released(vec![Reason::new("text-doubtful", told)])?;
                }
                (Some(pixels), findings.regions)
            }
            Err(reason) => {
                context.unless_released(vec![reason])?;
                (None, Vec::new())
            }
        },
    };
    let syntax = pixels::hide(seen, &regions, &mut file.data_set, &file.transfer_syntax)
        .map_err(|reason| Stop::Wait(vec![reason]))?;
    Ok((syntax, regions))
}

/// The checker that the centre runs, too, and the search for everything learned.
fn judge(data_set: &DataSet, own_uid: Option<&AhoCorasick>, context: &Context<'_>) -> Result<(), Stop> {
    let mut reasons: Vec<Reason> = checker::check(data_set, context.profile.options())
        .into_iter()
        .map(|finding| Reason::new("checker", format!("{} at {}", finding.rule, finding.path)))
        .collect();
    let found = gate::search(data_set, context.patient.searcher(), own_uid).map(gate_reason);
    reasons.extend(found.filter(|reason| !context.overrule.releases(reason.code)));
    if reasons.is_empty() { Ok(()) } else { Err(Stop::Wait(reasons)) }
}

fn clean(
    data_set: DataSet,
    context: &Context<'_>,
    subject: &SubjectId,
    evidence: Evidence,
) -> (DataSet, Evidence) {
    let Context { patient, key, profile, .. } = context;
    let age = retained_age(&data_set, profile);
    let sop_class = access::text(&data_set, tags::SOP_CLASS_UID).unwrap_or_default();
    let rules = actions::Rules {
        key,
        options: profile.options(),
        shift: key.shift_days(patient.identity()),
        subject: subject.as_str(),
        patient_id: patient.identity().patient_id(),
        known: patient.searcher(),
        cleaned: patient.cleaned(),
        sop_class: &sop_class,
        evidence: RefCell::new(evidence),
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
    (out, rules.evidence.into_inner())
}

/// The age to write: derived where only the birth date stands, capped where the profile says so; `None` where what
/// stands may stay, or the profile keeps no age.
fn retained_age(data_set: &DataSet, profile: &Profile) -> Option<String> {
    if !profile.options().retain_patient_characteristics {
        return None;
    }
    let derived = actions::derive_age(data_set);
    match profile.cap_years() {
        None => derived,
        Some(cap) => {
            let stated = || access::text(data_set, tags::PATIENT_AGE);
            derived.or_else(stated).map(|age| actions::cap_age(&age, cap))
        }
    }
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
