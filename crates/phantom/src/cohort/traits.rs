//! What everything else depends on: age, sex, underlying disease, pneumonia.

use super::{course, disease::Disease};
use crate::{
    margins::Margins,
    random::{Dice, top},
};

/// What a course depends on.
pub(crate) struct Traits {
    pub(crate) age_years: u16,
    pub(crate) male: bool,
    pub(crate) underlying: bool,
    pub(crate) disease: Disease,
}

/// Ages with the right sum and range, sexes, underlying disease and pneumonia.
pub(crate) fn draw(seed: u64, margins: &Margins) -> Vec<Traits> {
    let ages = ages(seed, margins);
    let scores: Vec<f64> = (0..ages.len()).map(|i| Dice::new(seed, "sex", i as u64).unit()).collect();
    let men = top(&scores, margins.men);
    let underlying = course::underlying(seed, &ages, margins.underlying);
    let one = |i: usize| {
        let mut dice = Dice::new(seed, "disease", i as u64);
        let disease = Disease::draw(&mut dice, ages[i], underlying[i], men[i]);
        Traits { age_years: ages[i], male: men[i], underlying: underlying[i], disease }
    };
    (0..ages.len()).map(one).collect()
}

/// Normal ages (SD 18 years, invented) moved by single years until their sum is right.
fn ages(seed: u64, margins: &Margins) -> Vec<u16> {
    let mut dice = Dice::new(seed, "age", 0);
    let (youngest, oldest) = margins.age_range;
    let count = margins.subjects as usize;
    let inner = (youngest + 1, oldest - 1);
    let mut ages: Vec<u16> = (0..count)
        .map(|_| (52.3 + 18.0 * dice.normal()).clamp(f64::from(inner.0), f64::from(inner.1)) as u16)
        .collect();
    let ends = [youngest, oldest];
    let ends = if count >= 20 { ends.as_slice() } else { &[] };
    for (age, end) in ages.iter_mut().zip(ends) {
        *age = *end;
    }
    let mut sum: u32 = ages.iter().map(|&a| u32::from(a)).sum();
    while sum != margins.age_sum && count > ends.len() {
        let age = &mut ages[dice.whole(ends.len() as i64, count as i64 - 1) as usize];
        if sum < margins.age_sum && *age < inner.1 {
            (*age, sum) = (*age + 1, sum + 1);
        } else if sum > margins.age_sum && *age > inner.0 {
            (*age, sum) = (*age - 1, sum - 1);
        }
    }
    dice.shuffle(&mut ages);
    ages
}
