//! Symptoms, treatment and outcome. Each answer is a latent score (written coefficients and noise); the
//! subjects with the highest scores get it, as many as the margins say. Coefficients: docs/phantom.md.

use super::{disease::sigmoid, traits::Traits};
use crate::{
    margins::Margins,
    random::{Dice, top},
};

/// The answers of the clinical form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// Any underlying disease.
    pub underlying: bool,
    /// Which ones, in the order of [`COMORBIDITIES`].
    pub comorbidities: [bool; 5],
    /// Fever.
    pub fever: bool,
    /// Cough.
    pub cough: bool,
    /// Further symptoms in the order of [`SYMPTOMS`]; `None` where nobody knew.
    pub symptoms: [Option<bool>; 6],
    /// Nasal oxygen; `None` where there is no oxygen record.
    pub oxygen: Option<bool>,
    /// Mechanical ventilation.
    pub ventilation: bool,
    /// Intensive care.
    pub icu: bool,
    /// Death.
    pub death: bool,
}

/// Codebook names of the underlying diseases.
pub const COMORBIDITIES: [&str; 5] =
    ["hypertension", "diabetes", "heart_disease", "chronic_lung_disease", "malignancy"];

/// Codebook names of the further symptoms.
pub const SYMPTOMS: [&str; 6] = ["dyspnea", "sputum", "sore_throat", "myalgia", "diarrhea", "anosmia"];

/// Who has an underlying disease: older people more often.
pub(crate) fn underlying(seed: u64, ages: &[u16], count: u32) -> Vec<bool> {
    let scores: Vec<f64> = ages
        .iter()
        .zip(0..)
        .map(|(&age, i)| 0.06 * (f64::from(age) - 52.3) + Dice::new(seed, "underlying", i).logistic())
        .collect();
    top(&scores, count)
}

/// Every subject's course.
pub(crate) fn draw(seed: u64, traits: &[Traits], margins: &Margins) -> Vec<Course> {
    let score = |purpose: &str, formula: &dyn Fn(&Traits) -> f64, noise: f64| -> Vec<f64> {
        let noisy = |(t, i)| formula(t) + noise * Dice::new(seed, purpose, i).logistic();
        traits.iter().zip(0..).map(noisy).collect()
    };
    let extent = |t: &Traits| t.disease.peak_extent;
    let age = |t: &Traits| f64::from(t.age_years) - 52.3;
    let ill = |t: &Traits| f64::from(u8::from(t.underlying));

    let fever = top(
        &score("fever", &|t| 1.2 * sigmoid(40.0 * (extent(t) - 0.04)) + 3.0 * extent(t), 0.7),
        margins.fever,
    );
    let cough = top(
        &score("cough", &|t| 0.8 * sigmoid(40.0 * (extent(t) - 0.04)) + 1.0 * extent(t), 0.8),
        margins.cough,
    );
    let icu = top(&score("icu", &|t| 14.0 * extent(t) + 0.035 * age(t) + 0.5 * ill(t), 0.6), margins.icu);
    let ventilation = score("ventilation", &|t| 10.0 * extent(t) + 0.01 * age(t), 0.5);
    let ventilation = top(&only(&ventilation, &icu), margins.ventilation);
    let death = score("death", &|t| 9.0 * extent(t) + 0.085 * age(t) + 0.7 * ill(t), 0.7);
    let death = top(&favour(&death, &icu, 1.5), margins.death);
    let missing = missing_oxygen(seed, &icu, margins.oxygen_missing);
    let oxygen = score("oxygen", &|t| 16.0 * extent(t) + 0.03 * age(t) + 0.4 * ill(t), 0.6);
    let oxygen = top(
        &only(&favour(&oxygen, &icu, 1e3), &missing.iter().map(|m| !m).collect::<Vec<_>>()),
        margins.oxygen,
    );

    traits
        .iter()
        .enumerate()
        .map(|(i, t)| {
            let mut dice = Dice::new(seed, "further answers", i as u64);
            Course {
                underlying: t.underlying,
                comorbidities: comorbidities(&mut dice, t),
                fever: fever[i],
                cough: cough[i],
                symptoms: symptoms(&mut dice, t),
                oxygen: (!missing[i]).then_some(oxygen[i]),
                ventilation: ventilation[i],
                icu: icu[i],
                death: death[i],
            }
        })
        .collect()
}

/// Scores of those who are `eligible`; the others come last.
fn only(scores: &[f64], eligible: &[bool]) -> Vec<f64> {
    scores.iter().zip(eligible).map(|(&s, &e)| if e { s } else { f64::NEG_INFINITY }).collect()
}

fn favour(scores: &[f64], chosen: &[bool], bonus: f64) -> Vec<f64> {
    scores.iter().zip(chosen).map(|(&s, &c)| if c { s + bonus } else { s }).collect()
}

/// The subjects without an oxygen record: any but those in intensive care.
fn missing_oxygen(seed: u64, icu: &[bool], count: u32) -> Vec<bool> {
    let scores: Vec<f64> =
        (0..icu.len()).map(|i| Dice::new(seed, "oxygen missing", i as u64).unit()).collect();
    top(&only(&scores, &icu.iter().map(|i| !i).collect::<Vec<_>>()), count)
}

fn comorbidities(dice: &mut Dice, traits: &Traits) -> [bool; 5] {
    let mut has = [0.55, 0.35, 0.15, 0.12, 0.1].map(|p| dice.chance(p) && traits.underlying);
    if traits.underlying && !has.contains(&true) {
        has[usize::from(dice.chance(0.3))] = true;
    }
    has
}

fn symptoms(dice: &mut Dice, traits: &Traits) -> [Option<bool>; 6] {
    let e = traits.disease.peak_extent;
    let young = f64::from(u8::from(traits.age_years < 45));
    let p = [
        sigmoid(-2.5 + 9.0 * e),
        sigmoid(-1.0 + 2.0 * e),
        0.16,
        0.2 + 0.1 * f64::from(u8::from(!traits.male)),
        0.12,
        0.08 + 0.12 * young,
    ];
    p.map(|p| (!dice.chance(0.03)).then_some(dice.chance(p)))
}
