//! Pneumonia and its course: how much of the lungs it takes, and when. Coefficients: docs/phantom.md.

use crate::random::Dice;

/// The pneumonia of one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Disease {
    /// Share of the lungs with lesions at the worst day, 0 to 0.8; 0 for no pneumonia.
    pub peak_extent: f64,
    /// Days from first symptom to admission.
    pub onset_to_admission_days: i32,
    /// Days from first symptom to the worst day.
    pub onset_to_peak_days: f64,
    /// Days over which it grows.
    pub growth_days: f64,
    /// Days over which it fades.
    pub fading_days: f64,
}

impl Disease {
    /// Draws a disease: extent grows with age, underlying disease and male sex.
    pub(crate) fn draw(dice: &mut Dice, age_years: u16, underlying: bool, male: bool) -> Self {
        let age = f64::from(age_years) - 52.3;
        let pneumonia = dice.chance(sigmoid(1.5 + 0.03 * age + 0.4 * f64::from(u8::from(underlying))));
        let logit = -2.75
            + 0.022 * age
            + 0.45 * f64::from(u8::from(underlying))
            + 0.2 * f64::from(u8::from(male))
            + 0.95 * dice.normal();
        let peak_extent = if pneumonia { sigmoid(logit).min(0.8) } else { 0.0 };
        Self {
            peak_extent,
            onset_to_admission_days: (2.0 + dice.exponential(3.5)).min(12.0) as i32,
            onset_to_peak_days: (10.0 + 2.0 * dice.normal()).clamp(6.0, 16.0),
            growth_days: dice.between(5.0, 8.0),
            fading_days: dice.between(9.0, 14.0) + 18.0 * peak_extent,
        }
    }

    /// Share of the lungs with lesions `days_from_admission` days after admission.
    pub fn extent(&self, days_from_admission: i32) -> f64 {
        let since_peak =
            f64::from(days_from_admission + self.onset_to_admission_days) - self.onset_to_peak_days;
        let width = if since_peak < 0.0 { self.growth_days } else { self.fading_days };
        self.peak_extent * (-(since_peak / width).powi(2)).exp()
    }

    /// Of the diseased lung, the share that is consolidated rather than ground glass; grows with extent and
    /// with time.
    pub fn consolidated_share(&self, days_from_admission: i32) -> f64 {
        let days = f64::from(days_from_admission + self.onset_to_admission_days);
        (0.08 + 0.5 * self.peak_extent + 0.012 * days).clamp(0.05, 0.6)
    }
}

/// The logistic function.
pub(crate) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disease_rises_and_falls() {
        let mut dice = Dice::new(1, "disease", 0);
        let disease = Disease { peak_extent: 0.4, ..Disease::draw(&mut dice, 70, true, true) };
        let peak = (disease.onset_to_peak_days as i32) - disease.onset_to_admission_days;
        assert!(disease.extent(peak) > 0.95 * 0.4);
        assert!(disease.extent(peak - 9) < disease.extent(peak));
        assert!(disease.extent(peak + 25) < 0.5 * disease.extent(peak));
    }
}
