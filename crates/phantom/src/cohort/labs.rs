//! Laboratory results: a value at admission on the right side of the site's own limit, and a series after it.
//! Coefficients: docs/phantom.md.

use jiff::{ToSpan, civil::Date};

use super::{
    disease::Disease,
    site::{LabUnit, Site},
    traits::Traits,
};
use crate::{
    margins::Margins,
    random::{Dice, top},
};

/// Codebook names, in the order of [`Site::labs`].
pub const LAB_VARIABLES: [&str; 3] = ["lymphocyte_count", "platelet_count", "crp"];

/// One result as the laboratory reported it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lab {
    /// Codebook name.
    pub variable: &'static str,
    /// The number as written, in `unit`.
    pub value: String,
    /// The site's unit and range.
    pub unit: LabUnit,
    /// Day.
    pub at: Date,
}

/// How far each subject's three tests lie beyond the limit at admission, in logarithms: positive is abnormal,
/// and exactly as many subjects are positive as the margins say.
pub(crate) fn excess(seed: u64, traits: &[Traits], margins: &Margins) -> Vec<[f64; 3]> {
    let counts = [margins.lymphocytopenia, margins.thrombocytopenia, margins.raised_crp];
    let mut all = vec![[0.0; 3]; traits.len()];
    for (test, count) in counts.into_iter().enumerate() {
        let latent: Vec<f64> = traits
            .iter()
            .zip(0..)
            .map(|(t, i)| latent(test, t, Dice::new(seed, LAB_VARIABLES[test], i).normal()))
            .collect();
        let limit = limit(&latent, count);
        let abnormal = top(&latent, count);
        for (i, &value) in latent.iter().enumerate() {
            let beyond = (value - limit).abs().max(0.02);
            all[i][test] = if abnormal[i] { beyond } else { -beyond };
        }
    }
    all
}

fn latent(test: usize, t: &Traits, normal: f64) -> f64 {
    let extent = ((t.disease.extent(0) + 0.25 * t.disease.peak_extent + 0.006) / 0.05).ln();
    let age = f64::from(t.age_years) - 52.3;
    let ill = f64::from(u8::from(t.underlying));
    match test {
        0 => 0.22 * extent + 0.006 * age + 0.25 * normal,
        1 => 0.08 * extent + 0.002 * age + 0.06 * ill + 0.2 * normal,
        _ => 0.85 * extent + 0.008 * age + 0.2 * ill + 0.6 * normal,
    }
}

/// Halfway between the last abnormal and the first normal latent value.
fn limit(latent: &[f64], count: u32) -> f64 {
    let mut sorted = latent.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let count = count as usize;
    match (count.checked_sub(1).and_then(|i| sorted.get(i)), sorted.get(count)) {
        (Some(last), Some(first)) => f64::midpoint(*last, *first),
        (Some(last), None) => last - 0.1,
        (None, Some(first)) => first + 0.1,
        (None, None) => 0.0,
    }
}

/// A subject's results: the one at admission (the day before, the day itself or the day after), an earlier one
/// that does not count at some subjects, and later ones on the way to normal.
pub(crate) fn series(
    dice: &mut Dice,
    site: &Site,
    excess: [f64; 3],
    disease: &Disease,
    stay: (Date, Date),
) -> Vec<Lab> {
    let mut results = Vec::new();
    let first = *dice.pick(&[-1, 0, 0, 0, 0, 1]);
    for (test, &excess) in excess.iter().enumerate() {
        let mut push = |days: i64, excess: f64| {
            if let Ok(at) = stay.0.checked_add(days.days()) {
                results.push(result(test, site.labs[test], excess, at));
            }
        };
        if dice.chance(0.15) {
            push(-dice.whole(3, 30), -excess);
        }
        push(first, excess);
        if first < 1 && dice.chance(0.3) {
            push(1, -0.5 * excess);
        }
        let length = i64::from((stay.1 - stay.0).get_days());
        let mut day = first + dice.whole(2, 4);
        while day <= length {
            let trend = disease.extent(day as i32) / (disease.extent(0) + 0.01);
            push(
                day.max(2),
                excess + 0.5 * (trend.min(4.0) - 1.0) - 0.03 * day as f64 + 0.15 * dice.normal(),
            );
            day += dice.whole(2, 6);
        }
    }
    results.sort_by(|a, b| (a.at, a.variable).cmp(&(b.at, b.variable)));
    if site.newest_first {
        results.reverse();
    }
    results
}

/// The number `excess` beyond the site's limit, rounded as the laboratory rounds and kept on its side.
fn result(test: usize, unit: LabUnit, excess: f64, at: Date) -> Lab {
    let step = 10_f64.powi(-(unit.decimals as i32));
    let high_is_abnormal = test == 2;
    let limit = if high_is_abnormal { unit.high } else { unit.low }.unwrap_or(1.0);
    let spread = if high_is_abnormal { excess } else { -excess };
    let mut value = (limit * spread.exp() / step).round() * step;
    let beyond = if high_is_abnormal { value - limit } else { limit - value };
    if (excess > 0.0) != (beyond > 0.5 * step) {
        value = match (excess > 0.0, high_is_abnormal) {
            (true, true) => limit + step,
            (true, false) => limit - step,
            (false, _) => limit,
        };
    }
    let value = format!("{:.*}", unit.decimals, value.max(step));
    Lab { variable: LAB_VARIABLES[test], value, unit, at }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn rounding_never_crosses_the_limit() {
        let crp = LabUnit { unit: "mg/dL", factor: 0.1, decimals: 2, low: None, high: Some(0.3) };
        let platelets = LabUnit { unit: "10*9/L", factor: 1.0, decimals: 0, low: Some(150.0), high: None };
        for tiny in [0.0001, 0.02, 0.5, 3.0] {
            let value = |test, unit, excess| -> f64 {
                result(test, unit, excess, date(2020, 3, 1)).value.parse().unwrap()
            };
            assert!(value(2, crp, tiny) > 0.3);
            assert!(value(2, crp, -tiny) <= 0.3);
            assert!(value(1, platelets, tiny) < 150.0);
            assert!(value(1, platelets, -tiny) >= 150.0);
        }
    }
}
