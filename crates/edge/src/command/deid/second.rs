//! Second pass: patient by patient, each file is de-identified and written.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use indicatif::ProgressBar;
use rayon::prelude::*;
use sumgil_deid::{
    Deidentified, Identified, Instance, Outcome, Overrule, Patient, PatientIdentity, deidentify,
};
use sumgil_dicom::Limits;

use super::{
    Task,
    files::{self, Input},
    first::{Group, Learned, read, why},
    report::{CLEARED, QUARANTINED, REFUSED, Report, Verdict, Why},
};

/// Finishes every input; the verdicts by name.
pub(super) fn pass(
    task: &Task<'_>,
    learned: &Learned,
    report: &Report,
    bar: &ProgressBar,
) -> Result<BTreeMap<String, Verdict>> {
    let refused = learned.refused.par_iter().map(|(input, why)| {
        let mark = task.key.mark(&[&input.stamp, "refused"]);
        settle(task, input, report, bar, &mark, || Done::Not(REFUSED, vec![why.clone()]))
    });
    let others =
        learned.patients.par_iter().flat_map(|(identity, group)| one(task, identity, group, report, bar));
    refused.chain(others).collect()
}

/// The files of one patient. The compiled search lives only while they are worked on.
fn one(
    task: &Task<'_>,
    identity: &PatientIdentity,
    group: &Group,
    report: &Report,
    bar: &ProgressBar,
) -> Vec<Result<(String, Verdict)>> {
    let patient = Patient::new(identity.clone(), group.identifiers.clone());
    let patient_mark = patient.mark(&task.key, &task.profile);
    let settle = |input: &Input| {
        let mark = task.key.mark(&[&input.stamp, &patient_mark]);
        settle(task, input, report, bar, &mark, || finish(task, input, &patient))
    };
    group.inputs.par_iter().map(settle).collect()
}

enum Done {
    Cleared(Box<Deidentified<Instance>>),
    Not(&'static str, Vec<Why>),
}

fn finish(task: &Task<'_>, input: &Input, patient: &Patient) -> Done {
    let read = read(input).and_then(|bytes| {
        sumgil_dicom::read(&bytes, &Limits::default())
            .map_err(|refusal| why(refusal.code(), &refusal.to_string()))
    });
    let file = match read {
        Ok(file) => Identified::new(file),
        Err(why) => return Done::Not(REFUSED, vec![why]),
    };
    match deidentify(file, patient, &task.key, &task.profile, &Overrule::none()) {
        Outcome::Cleared(instance) => Done::Cleared(Box::new(instance)),
        Outcome::Quarantine(reasons) => Done::Not(QUARANTINED, reasons.iter().map(Why::from).collect()),
        Outcome::Refused(reason) => Done::Not(REFUSED, vec![Why::from(&reason)]),
    }
}

/// Takes an earlier verdict that still holds, or does the work; then writes output and report.
fn settle(
    task: &Task<'_>,
    input: &Input,
    report: &Report,
    bar: &ProgressBar,
    mark: &str,
    work: impl FnOnce() -> Done,
) -> Result<(String, Verdict)> {
    let target = files::target(&task.args.input, &task.args.output, &input.path);
    let verdict = match report.earlier(&input.name, mark).filter(|verdict| still_holds(verdict, &target)) {
        Some(earlier) => earlier.clone(),
        None => {
            let verdict = carry_out(input, &target, mark, work())?;
            report.append(&verdict)?;
            verdict
        }
    };
    bar.inc(1);
    Ok((input.name.clone(), verdict))
}

fn still_holds(verdict: &Verdict, target: &Path) -> bool {
    let size = fs::symlink_metadata(target).ok().filter(fs::Metadata::is_file).map(|meta| meta.len());
    size == verdict.size_bytes
}

fn carry_out(input: &Input, target: &Path, mark: &str, done: Done) -> Result<Verdict> {
    let mut verdict = Verdict {
        path: input.name.clone(),
        result: CLEARED.to_owned(),
        reasons: Vec::new(),
        size_bytes: None,
        hidden: Vec::new(),
        evidence: Vec::new(),
        mark: mark.to_owned(),
    };
    match done {
        Done::Cleared(instance) => {
            let instance = instance.into_inner();
            files::write_whole(target, &instance.bytes)?;
            verdict.size_bytes = Some(instance.bytes.len() as u64);
            verdict.evidence = instance.evidence.lines();
            verdict.hidden = instance.hidden;
        }
        Done::Not(result, reasons) => {
            remove_stale(target)?;
            verdict.result = result.to_owned();
            verdict.reasons = reasons;
        }
    }
    Ok(verdict)
}

/// What an earlier run cleared and this one does not, must not stay.
fn remove_stale(target: &Path) -> Result<()> {
    match fs::remove_file(target) {
        Err(error)
            if error.kind() != std::io::ErrorKind::NotFound
                && error.kind() != std::io::ErrorKind::NotADirectory =>
        {
            Err(error).with_context(|| format!("cannot remove {}", target.display()))
        }
        _ => Ok(()),
    }
}
