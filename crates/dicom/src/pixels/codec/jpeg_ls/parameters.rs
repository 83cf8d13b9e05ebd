//! Coding parameters: preset (T.87 C.2.4.1.1) and derived (A.2).

use super::{DAMAGED, PixelsError};

/// Thresholds for 8 bits (T.87 table C.2).
const BASIC: [i32; 3] = [3, 7, 21];
const RESET: i32 = 64;

/// Preset parameters of a stream; 0 for the default.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Preset {
    highest: i32,
    thresholds: [i32; 3],
    reset: i32,
}

impl Preset {
    /// Reads an LSE segment.
    pub(super) fn read(segment: &[u8]) -> Result<Self, PixelsError> {
        if segment.first() != Some(&1) {
            return Err(PixelsError::Unsupported("JPEG-LS with tables"));
        }
        let numbers: Vec<i32> = segment[1..]
            .as_chunks::<2>()
            .0
            .iter()
            .map(|number| i32::from(u16::from_be_bytes(*number)))
            .collect();
        let [highest, one, two, three, reset] = *numbers.as_slice() else { return Err(DAMAGED) };
        Ok(Self { highest, thresholds: [one, two, three], reset })
    }
}

/// All that a scan is decoded with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parameters {
    /// Highest sample.
    pub(super) highest: i32,
    /// Greatest difference to the original.
    pub(super) near: i32,
    pub(super) thresholds: [i32; 3],
    pub(super) reset: i32,
    /// Number of different errors.
    pub(super) range: i32,
    /// Bits of an error.
    pub(super) error_bits: u32,
    /// Longest code.
    pub(super) limit: u32,
}

impl Parameters {
    /// Derives all; `None` when presets contradict the standard.
    pub(super) fn of(bits: u32, near: i32, preset: Preset) -> Option<Self> {
        let full = (1 << bits) - 1;
        let highest = or_default(preset.highest, full);
        if highest > full || near > (highest / 2).min(255) {
            return None;
        }
        let defaults = default_thresholds(highest, near);
        let thresholds = [0, 1, 2].map(|at| or_default(preset.thresholds[at], defaults[at]));
        let [one, two, three] = thresholds;
        let is_ordered = near < one && one <= two && two <= three && three <= highest;
        let reset = or_default(preset.reset, RESET);
        if !is_ordered || reset < 3 {
            return None;
        }
        let range = (highest + 2 * near) / (2 * near + 1) + 1;
        let sample_bits = logarithm(highest + 1).max(2);
        let limit = 2 * (sample_bits + sample_bits.max(8));
        Some(Self { highest, near, thresholds, reset, range, error_bits: logarithm(range), limit })
    }
}

fn or_default(preset: i32, default: i32) -> i32 {
    if preset == 0 { default } else { preset }
}

/// The least number of bits that tells `count` values apart.
fn logarithm(count: i32) -> u32 {
    u32::BITS - (count as u32).saturating_sub(1).leading_zeros()
}

/// T.87 C.2.4.1.1.1.
fn default_thresholds(highest: i32, near: i32) -> [i32; 3] {
    let [one, two, three] = BASIC;
    let clamped = |value: i32, from: i32| if value > highest || value < from { from } else { value };
    if highest >= 128 {
        let factor = (highest.min(4095) + 128) / 256;
        let first = clamped(factor * (one - 2) + 2 + 3 * near, near + 1);
        let second = clamped(factor * (two - 3) + 3 + 5 * near, first);
        [first, second, clamped(factor * (three - 4) + 4 + 7 * near, second)]
    } else {
        let factor = 256 / (highest + 1);
        let first = clamped((one / factor + 3 * near).max(2), near + 1);
        let second = clamped((two / factor + 5 * near).max(3), first);
        [first, second, clamped((three / factor + 7 * near).max(4), second)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_those_of_the_standard() {
        let of = |bits, near| Parameters::of(bits, near, Preset::default()).unwrap();
        assert_eq!(of(8, 0).thresholds, [3, 7, 21]);
        assert_eq!(of(12, 0).thresholds, [18, 67, 276]);
        assert_eq!(of(16, 0).thresholds, [18, 67, 276]);
        assert_eq!((of(8, 0).range, of(8, 0).error_bits, of(8, 0).limit), (256, 8, 32));
        assert_eq!((of(8, 3).range, of(8, 3).error_bits), (38, 6));
        assert_eq!((of(16, 0).range, of(16, 0).error_bits, of(16, 0).limit), (65_536, 16, 64));
    }

    #[test]
    fn contradictions_are_refused() {
        assert_eq!(Parameters::of(8, 128, Preset::default()), None);
        let preset = |highest, one, reset| Preset { highest, thresholds: [one, 0, 0], reset };
        assert_eq!(Parameters::of(8, 0, preset(256, 0, 0)), None);
        assert_eq!(Parameters::of(8, 0, preset(0, 9, 0)), None);
        assert_eq!(Parameters::of(8, 0, preset(0, 0, 2)), None);
    }
}
