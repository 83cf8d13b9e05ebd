//! First pass: every header is read once, files are grouped by patient, identifiers are learned.

use std::{
    collections::BTreeMap,
    fs,
    sync::{Mutex, PoisonError},
};

use indicatif::ProgressBar;
use rayon::prelude::*;
use sumgil_deid::{PatientIdentifiers, PatientIdentity};
use sumgil_dicom::{Limits, read_without_pixels};

use super::{Task, files::Input, report::Why};

/// All inputs, by patient; and those that cannot be read.
#[derive(Default)]
pub(super) struct Learned {
    pub(super) patients: BTreeMap<PatientIdentity, Group>,
    pub(super) refused: Vec<(Input, Why)>,
}

/// The files of one patient, and what names the patient in any of them.
#[derive(Default)]
pub(super) struct Group {
    pub(super) identifiers: PatientIdentifiers,
    pub(super) inputs: Vec<Input>,
}

impl Learned {
    /// How many inputs there are.
    pub(super) fn files(&self) -> usize {
        self.refused.len() + self.patients.values().map(|group| group.inputs.len()).sum::<usize>()
    }
}

/// Reads every header. Only identifiers are kept, so that memory grows with patients, not with images.
pub(super) fn pass(task: &Task<'_>, inputs: Vec<Input>, bar: &ProgressBar) -> Learned {
    let learned = Mutex::new(Learned::default());
    inputs.into_par_iter().for_each(|input| {
        let result = look(task, &input);
        let mut learned = learned.lock().unwrap_or_else(PoisonError::into_inner);
        match result {
            Ok((identity, identifiers)) => {
                let group = learned.patients.entry(identity).or_default();
                group.identifiers.merge(&identifiers);
                group.inputs.push(input);
            }
            Err(why) => learned.refused.push((input, why)),
        }
        bar.inc(1);
    });
    learned.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn look(task: &Task<'_>, input: &Input) -> Result<(PatientIdentity, PatientIdentifiers), Why> {
    let bytes = read(input)?;
    let file = read_without_pixels(&bytes, &Limits::default())
        .map_err(|refusal| why(refusal.code(), &refusal.to_string()))?;
    let identity = PatientIdentity::of(&file.data_set, &task.args.site).ok_or_else(|| {
        why("no-patient", "neither a patient ID nor a study UID: it cannot be told whose it is")
    })?;
    let mut identifiers = PatientIdentifiers::default();
    identifiers.learn(&file.data_set);
    Ok((identity, identifiers))
}

/// The bytes of an input.
pub(super) fn read(input: &Input) -> Result<Vec<u8>, Why> {
    if !input.is_regular {
        return Err(why("not-a-file", "a link or a device, not a file"));
    }
    fs::read(&input.path).map_err(|error| why("unreadable", &format!("cannot be read: {}", error.kind())))
}

pub(super) fn why(code: &str, detail: &str) -> Why {
    Why { code: code.to_owned(), detail: detail.to_owned() }
}
