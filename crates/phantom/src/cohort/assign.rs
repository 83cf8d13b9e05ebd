//! Machines and reasons: shared out over all exams of the cohort so that the totals come out exactly.

use sumgil_model::{ExamKind, Indication, Setting};

use super::{
    device::{CT, CXR, CXR_SHARES, DeviceModel, SECOND_CT},
    exam::Role,
};
use crate::{
    margins::{Margins, apportion},
    random::{Dice, top},
};

/// What the assignment needs to know of an exam.
pub(crate) struct Candidate {
    pub(crate) kind: ExamKind,
    pub(crate) role: Role,
    pub(crate) site: usize,
    /// 0 for the subject's first exam of the kind that counts.
    pub(crate) nth: u32,
    pub(crate) severity: f64,
    /// Radiographs that count, of the same subject.
    pub(crate) subject_cxr: u32,
}

/// A machine kind for every exam.
pub(crate) fn devices(seed: u64, exams: &[Candidate], margins: &Margins) -> Vec<&'static DeviceModel> {
    let mut dice = Dice::new(seed, "machines", 0);
    let mut models: Vec<Option<&'static DeviceModel>> = vec![None; exams.len()];
    let mut ct = indices(exams, |e| e.kind == ExamKind::Ct && e.role == Role::Counted);
    dice.shuffle(&mut ct);
    for (maker, sites) in (1..).zip(SECOND_CT) {
        // Sites with such a scanner first; others only where there are too few exams.
        ct.sort_by_key(|&i| !sites.contains(&exams[i].site));
        for _ in 0..margins.ct_makers[maker] {
            if !ct.is_empty() {
                let i = ct.remove(0);
                models[i] = Some(scanner(maker, exams[i].site));
            }
        }
        dice.shuffle(&mut ct);
    }
    for i in ct {
        models[i] = Some(scanner(0, exams[i].site));
    }
    radiography(&mut dice, exams, &mut models);
    let fallback = |(i, model): (usize, Option<_>)| {
        model.unwrap_or_else(|| match exams[i].kind {
            ExamKind::Ct => scanner(i % 4, exams[i].site),
            ExamKind::Cxr => &CXR[2 + i % 6],
        })
    };
    models.into_iter().enumerate().map(fallback).collect()
}

fn indices(exams: &[Candidate], wanted: impl Fn(&Candidate) -> bool) -> Vec<usize> {
    exams.iter().enumerate().filter(|(_, e)| wanted(e)).map(|(i, _)| i).collect()
}

fn scanner(maker: usize, site: usize) -> &'static DeviceModel {
    &CT[maker][site % CT[maker].len()]
}

/// The bedside unit goes to the illest; the rest are shared out at random.
fn radiography(dice: &mut Dice, exams: &[Candidate], models: &mut [Option<&'static DeviceModel>]) {
    let mut cxr = indices(exams, |e| e.kind == ExamKind::Cxr && e.role == Role::Counted);
    let mut shares = apportion(&CXR_SHARES, cxr.len() as u32);
    let mut scored: Vec<(f64, usize)> =
        cxr.iter().map(|&i| (exams[i].severity + 0.6 * dice.logistic(), i)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let bedside = std::mem::take(&mut shares[1]) as usize;
    for &(_, i) in scored.iter().take(bedside) {
        models[i] = Some(&CXR[1]);
    }
    cxr.retain(|&i| models[i].is_none());
    dice.shuffle(&mut cxr);
    let kinds = shares.iter().zip(&CXR).flat_map(|(&n, model)| (0..n).map(move |_| model));
    for (i, model) in cxr.into_iter().zip(kinds) {
        models[i] = Some(model);
    }
}

/// Shares of CT exams by their main reason; invented, but for the order of the first two.
const REASONS: [(Indication, u32); 7] = [
    (Indication::PneumoniaSuspectedAfterCxr, 42),
    (Indication::InitialAssessment, 13),
    (Indication::SymptomsWithNormalCxr, 7),
    (Indication::Other, 2),
    (Indication::FollowUp, 9),
    (Indication::BeforeDischarge, 3),
    (Indication::SuspectedComplication, 24),
];

/// Reasons for every exam: early CTs to settle a suspicion, late ones for complications.
pub(crate) fn indications(seed: u64, exams: &[Candidate]) -> Vec<Vec<Indication>> {
    let mut dice = Dice::new(seed, "reasons", 0);
    let mut reasons: Vec<Vec<Indication>> =
        exams.iter().map(|exam| default_reason(&mut dice, exam)).collect();
    let mut ct: Vec<(f64, usize)> = indices(exams, |e| e.kind == ExamKind::Ct && e.role == Role::Counted)
        .into_iter()
        .map(|i| (f64::from(exams[i].nth) + 0.1 * exams[i].severity + 0.5 * dice.normal(), i))
        .collect();
    ct.sort_by(|a, b| a.0.total_cmp(&b.0));
    let counts = apportion(&REASONS.map(|(_, share)| share), ct.len() as u32);
    let list = REASONS.iter().zip(counts).flat_map(|((reason, _), n)| (0..n).map(move |_| *reason));
    for ((_, i), reason) in ct.into_iter().zip(list) {
        reasons[i] = vec![reason];
        if reason != Indication::FollowUp && exams[i].nth > 0 && dice.chance(0.2) {
            reasons[i].push(Indication::FollowUp);
        }
        if reason == Indication::PneumoniaSuspectedAfterCxr && dice.chance(0.08) {
            reasons[i].push(Indication::InitialAssessment);
        }
    }
    reasons
}

fn default_reason(dice: &mut Dice, exam: &Candidate) -> Vec<Indication> {
    let mut reasons = vec![match (exam.kind, exam.role) {
        (ExamKind::Ct, _) => Indication::FollowUp,
        (ExamKind::Cxr, Role::Counted) if exam.nth == 0 => Indication::InitialAssessment,
        _ => Indication::FollowUp,
    }];
    if exam.kind == ExamKind::Cxr && exam.severity > 3.0 && dice.chance(0.2) {
        reasons.push(Indication::LineOrTube);
    }
    reasons
}

/// Where an exam was made.
pub(crate) fn setting(dice: &mut Dice, role: Role, day: i32, icu: bool) -> Setting {
    match role {
        Role::BeforeStay | Role::AfterStay => Setting::Outpatient,
        _ if day == 0 && dice.chance(0.5) => Setting::Emergency,
        _ if icu && dice.chance(0.6) => Setting::Icu,
        _ => Setting::Ward,
    }
}

/// The radiographs that do not say whether they have burned-in text: all of them needed for the margins, those
/// of subjects with a single radiograph first.
pub(crate) fn unmarked(seed: u64, exams: &[Candidate], margins: &Margins) -> Vec<bool> {
    let scores: Vec<f64> = exams
        .iter()
        .zip(0..)
        .map(|(e, i)| match (e.kind, e.role) {
            (ExamKind::Cxr, Role::Counted) => {
                Dice::new(seed, "unmarked", i).unit() + f64::from(u8::from(e.subject_cxr == 1))
            }
            _ => f64::NEG_INFINITY,
        })
        .collect();
    top(&scores, margins.unmarked)
}
