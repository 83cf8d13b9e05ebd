//! One sample from its neighbours and its code (T.87 A.3 to A.7).

use super::{bits::Bits, model::Model, parameters::Parameters};

/// Neighbours: left, above, above left, above right.
#[derive(Clone, Copy, Debug)]
pub(super) struct Neighbours {
    pub(super) left: i32,
    pub(super) above: i32,
    pub(super) corner: i32,
    pub(super) ahead: i32,
}

impl Neighbours {
    /// The three gradients as one number; 0 in flat surroundings (T.87 A.3.3).
    pub(super) fn gradient(&self, parameters: &Parameters) -> i32 {
        let level = |difference| level(difference, parameters);
        81 * level(self.ahead - self.above)
            + 9 * level(self.above - self.corner)
            + level(self.corner - self.left)
    }

    /// T.87 A.4.1.
    fn prediction(&self) -> i32 {
        let (low, high) = (self.left.min(self.above), self.left.max(self.above));
        if self.corner >= high {
            low
        } else if self.corner <= low {
            high
        } else {
            self.left + self.above - self.corner
        }
    }
}

fn level(difference: i32, parameters: &Parameters) -> i32 {
    let [one, two, three] = parameters.thresholds;
    let size = difference.abs();
    let level = i32::from(size > parameters.near)
        + i32::from(size >= one)
        + i32::from(size >= two)
        + i32::from(size >= three);
    if difference < 0 { -level } else { level }
}

/// Bits, what was learned, and the rules.
pub(super) struct Decoder<'a> {
    pub(super) bits: Bits<'a>,
    pub(super) model: Model,
    pub(super) parameters: Parameters,
}

impl Decoder<'_> {
    /// A sample in surroundings of this gradient (T.87 A.4 to A.6).
    pub(super) fn regular(&mut self, neighbours: &Neighbours, gradient: i32) -> Option<i32> {
        let parameters = self.parameters;
        let sign = if gradient < 0 { -1 } else { 1 };
        let context = self.model.gradients.get_mut(gradient.unsigned_abs() as usize)?;
        let prediction = (neighbours.prediction() + sign * context.correction).clamp(0, parameters.highest);
        let short_bits = context.short_bits(context.magnitude);
        let code = code(&mut self.bits, short_bits, parameters.limit, parameters.error_bits)?;
        let is_turned = parameters.near == 0 && short_bits == 0 && 2 * context.bias <= -context.count;
        let error = match (code & 1 == 1, is_turned) {
            (true, false) => -((code + 1) >> 1),
            (false, false) => code >> 1,
            (true, true) => code >> 1,
            (false, true) => -(code >> 1) - 1,
        };
        context.learn(error, &parameters);
        Some(reconstructed(prediction, sign * error, &parameters))
    }

    /// The sample that ends a run (T.87 A.7.2); `kind` 1 where the neighbours are alike.
    pub(super) fn run_end(&mut self, left: i32, above: i32, kind: usize, shortening: u32) -> Option<i32> {
        let parameters = self.parameters;
        let context = self.model.runs.get_mut(kind)?;
        let short_bits = context.short_bits();
        let limit = parameters.limit.checked_sub(shortening + 1)?;
        let code = code(&mut self.bits, short_bits, limit, parameters.error_bits)?;
        let error = context.error(code, short_bits, &parameters);
        let (prediction, sign) = match kind {
            0 if left > above => (above, -1),
            0 => (above, 1),
            _ => (left, 1),
        };
        Some(reconstructed(prediction, sign * error, &parameters))
    }
}

/// A Golomb code of limited length (T.87 A.5.3).
fn code(bits: &mut Bits<'_>, short_bits: u32, limit: u32, error_bits: u32) -> Option<i32> {
    let longest = limit.checked_sub(error_bits + 1)?;
    let zeros = bits.zeros(longest)?;
    if zeros < longest {
        i32::try_from(zeros << short_bits | bits.take(short_bits)?).ok()
    } else {
        i32::try_from(bits.take(error_bits)? + 1).ok()
    }
}

/// T.87 A.4.5.
fn reconstructed(prediction: i32, error: i32, parameters: &Parameters) -> i32 {
    let step = 2 * parameters.near + 1;
    let sample = prediction + error * step;
    let wrapped = if sample < -parameters.near {
        sample + parameters.range * step
    } else if sample > parameters.highest + parameters.near {
        sample - parameters.range * step
    } else {
        sample
    };
    wrapped.clamp(0, parameters.highest)
}
