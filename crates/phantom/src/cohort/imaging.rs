//! How many exams each subject has, and on which days of the stay and around it.

use jiff::{
    ToSpan,
    civil::{Date, DateTime, date, time},
};
use sumgil_model::ExamKind;

use super::{course::Course, exam::Role, traits::Traits};
use crate::{
    margins::Margins,
    random::{Dice, top},
};

/// Exams that count, of each kind, for one subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) ct: u32,
    pub(crate) cxr: u32,
}

/// A day and a role, before machines and numbers are given out.
pub(crate) struct Slot {
    pub(crate) kind: ExamKind,
    pub(crate) role: Role,
    pub(crate) at: DateTime,
    pub(crate) day: i32,
}

/// Severity as those who order exams see it.
pub(crate) fn severity(traits: &Traits, course: &Course) -> f64 {
    8.0 * traits.disease.peak_extent
        + 0.015 * (f64::from(traits.age_years) - 52.3)
        + 1.5 * f64::from(u8::from(course.icu))
        + 0.5 * f64::from(u8::from(course.oxygen == Some(true)))
}

/// Shares out the exams: the iller, the more.
pub(crate) fn counts(seed: u64, severity: &[f64], margins: &Margins) -> Vec<Counts> {
    let noisy = |purpose: &str, weight: f64, noise: f64| -> Vec<f64> {
        let score = |(&s, i)| weight * s + noise * Dice::new(seed, purpose, i).logistic();
        severity.iter().zip(0..).map(score).collect()
    };
    let cxr_only = top(&noisy("cxr only", -1.0, 0.8), margins.imaged[2]);
    let mut ct_only = noisy("ct only", -0.7, 0.8);
    mask(&mut ct_only, &cxr_only);
    let ct_only = top(&ct_only, margins.imaged[1]);

    let mut counts = vec![Counts::default(); severity.len()];
    let mut ct_rank = noisy("ct count", 1.0, 0.5);
    mask(&mut ct_rank, &cxr_only);
    let ct_sizes = (1..).zip(margins.ct).rev_sizes();
    for (index, size) in descending(&ct_rank).into_iter().zip(ct_sizes) {
        counts[index].ct = size;
    }
    let mut cxr_rank = noisy("cxr count", 1.0, 0.4);
    mask(&mut cxr_rank, &ct_only);
    let mut cxr_sizes = tail(seed, margins);
    cxr_sizes.extend((1..).zip([margins.cxr[0], margins.cxr[1], margins.cxr[2]]).rev_sizes());
    for (index, size) in descending(&cxr_rank).into_iter().zip(cxr_sizes) {
        counts[index].cxr = size;
    }
    counts
}

fn mask(scores: &mut [f64], out: &[bool]) {
    scores.iter_mut().zip(out).filter(|(_, out)| **out).for_each(|(score, _)| *score = f64::NEG_INFINITY);
}

fn descending(scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    order
}

trait RevSizes {
    fn rev_sizes(self) -> Vec<u32>;
}

impl<I: Iterator<Item = (u32, u32)>> RevSizes for I {
    /// `(size, how many)` pairs as a list of sizes, largest first.
    fn rev_sizes(self) -> Vec<u32> {
        let mut sizes: Vec<u32> = self.flat_map(|(size, n)| (0..n).map(move |_| size)).collect();
        sizes.reverse();
        sizes
    }
}

/// Exams of the subjects with four or more: a long tail with the right sum, largest first.
fn tail(seed: u64, margins: &Margins) -> Vec<u32> {
    let subjects = margins.cxr[3] as usize;
    let mut dice = Dice::new(seed, "cxr tail", 0);
    let mut extra = margins.cxr_tail_exams - 4 * margins.cxr[3];
    let weights: Vec<f64> = (0..subjects).map(|_| dice.exponential(1.0)).collect();
    let sum: f64 = weights.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let mut sizes: Vec<u32> =
        weights.iter().map(|w| 4 + ((w / sum * f64::from(extra)) as u32).min(26)).collect();
    extra -= sizes.iter().map(|s| s - 4).sum::<u32>();
    while extra > 0 && subjects > 0 {
        sizes[dice.whole(0, subjects as i64 - 1) as usize] += 1;
        extra -= 1;
    }
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes
}

/// Admission and discharge: the iller and the older, the longer; who dies, sooner.
pub(crate) fn stay(dice: &mut Dice, traits: &Traits, course: &Course) -> (Date, Date) {
    let admission = date(2020, 2, 18).saturating_add(((57.0 * dice.unit().powf(1.4)) as i64).days());
    let days = if course.death {
        (5.0 + dice.exponential(9.0)).clamp(4.0, 40.0)
    } else {
        let age = f64::from(traits.age_years) - 52.3;
        let ill = f64::from(u8::from(traits.underlying));
        let expected = 13.0 + 30.0 * traits.disease.peak_extent + 0.07 * age + 2.5 * ill;
        (expected + dice.exponential(5.0) - 3.0).clamp(6.0, 45.0)
    };
    (admission, admission.saturating_add((days as i64).days()))
}

/// The subject's exams in time order: those that count, and those that must not.
pub(crate) fn slots(
    dice: &mut Dice,
    number: u32,
    counts: Counts,
    stay: (Date, Date),
    died: bool,
) -> Vec<Slot> {
    let length = (stay.1 - stay.0).get_days();
    let mut days: Vec<(ExamKind, Role, i32)> = Vec::new();
    for (kind, count) in [(ExamKind::Ct, counts.ct), (ExamKind::Cxr, counts.cxr)] {
        for n in 0..count {
            days.push((kind, Role::Counted, day_of_exam(dice, kind, n, length)));
        }
    }
    days.extend(extras(dice, number, length, died));
    let mut slots: Vec<Slot> =
        days.into_iter().filter_map(|(kind, role, day)| slot(dice, kind, role, day, stay.0)).collect();
    slots.sort_by_key(|slot| slot.at);
    slots
}

fn day_of_exam(dice: &mut Dice, kind: ExamKind, n: u32, length: i32) -> i32 {
    let first = if kind == ExamKind::Ct { [0, 0, 0, 1, 2] } else { [0, 0, 0, 0, 1] };
    if n == 0 {
        return (*dice.pick(&first)).min(length);
    }
    // One exam in twelve on the very day of discharge: the stay includes it.
    if dice.chance(1.0 / 12.0) { length } else { dice.whole(1, i64::from(length)) as i32 }
}

/// Exams that a wrong count would include; by the subject's number, so that small cohorts have them too.
fn extras(dice: &mut Dice, number: u32, length: i32, died: bool) -> Vec<(ExamKind, Role, i32)> {
    let mut extras = Vec::new();
    let mut push = |every: u32, at: u32, kind, role, day: i32| {
        if number % every == at {
            extras.push((kind, role, day));
        }
    };
    // Boundary days (the day before admission, the day after discharge) are the commonest.
    let before = -if dice.chance(0.4) { 1 } else { dice.whole(1, 20) as i32 };
    let after = length + if dice.chance(0.4) { 1 } else { dice.whole(1, 21) as i32 };
    let within = dice.whole(0, i64::from(length)) as i32;
    push(17, 3, ExamKind::Ct, Role::BeforeStay, before);
    push(11, 2, ExamKind::Cxr, Role::BeforeStay, before);
    if !died {
        push(19, 5, ExamKind::Ct, Role::AfterStay, after);
        push(13, 7, ExamKind::Cxr, Role::AfterStay, after);
    }
    push(29, 4, ExamKind::Ct, Role::ScoutOnly, within);
    push(31, 6, ExamKind::Cxr, Role::LateralOnly, within);
    extras
}

fn slot(dice: &mut Dice, kind: ExamKind, role: Role, day: i32, admission: Date) -> Option<Slot> {
    let date = admission.checked_add(i64::from(day).days()).ok()?;
    let hour = if dice.chance(0.75) { dice.whole(8, 17) } else { dice.whole(0, 22) };
    let at = date.to_datetime(time(hour as i8, dice.whole(0, 59) as i8, dice.whole(0, 59) as i8, 0));
    Some(Slot { kind, role, at, day })
}
