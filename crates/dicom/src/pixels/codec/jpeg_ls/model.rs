//! Contexts: what was learned of errors so far (T.87 A.2 and A.6).

use super::parameters::Parameters;

/// Contexts of gradients, signs merged.
const GRADIENT_CONTEXTS: usize = 365;

/// Where samples differ little or much.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    /// Sum of absolute errors.
    pub(super) magnitude: i64,
    /// Sum of errors.
    pub(super) bias: i64,
    /// What is added to predictions.
    pub(super) correction: i32,
    pub(super) count: i64,
}

impl Context {
    /// Bits of the short part of a code.
    pub(super) fn short_bits(&self, magnitude: i64) -> u32 {
        (0..24).find(|bits| self.count << bits >= magnitude).unwrap_or(24)
    }

    /// Learns an error (T.87 A.6.1 and A.6.2).
    pub(super) fn learn(&mut self, error: i32, parameters: &Parameters) {
        self.bias += i64::from(error) * i64::from(2 * parameters.near + 1);
        self.magnitude += i64::from(error.abs());
        if self.count == i64::from(parameters.reset) {
            self.magnitude >>= 1;
            self.bias >>= 1;
            self.count >>= 1;
        }
        self.count += 1;
        if self.bias <= -self.count {
            self.bias = (self.bias + self.count).max(1 - self.count);
            self.correction = (self.correction - 1).max(-128);
        } else if self.bias > 0 {
            self.bias = (self.bias - self.count).min(0);
            self.correction = (self.correction + 1).min(127);
        }
    }
}

/// Where a run of equal samples ends; `bias` counts the negative errors.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunContext {
    pub(super) context: Context,
    /// 1 where the neighbours are alike.
    pub(super) kind: i32,
}

impl RunContext {
    pub(super) fn short_bits(&self) -> u32 {
        self.context.short_bits(self.context.magnitude + i64::from(self.kind) * (self.context.count >> 1))
    }

    /// The error that `code` stands for, which is learned (T.87 A.7.2.2).
    pub(super) fn error(&mut self, code: i32, short_bits: u32, parameters: &Parameters) -> i32 {
        let context = &mut self.context;
        let doubled = code + self.kind;
        let (is_odd, size) = (doubled & 1 == 1, (doubled + (doubled & 1)) / 2);
        let is_negative = (short_bits != 0 || 2 * context.bias >= context.count) == is_odd;
        let error = if is_negative { -size } else { size };
        context.bias += i64::from(error < 0);
        context.magnitude += i64::from((code + 1 - self.kind) >> 1);
        if context.count == i64::from(parameters.reset) {
            context.magnitude >>= 1;
            context.bias >>= 1;
            context.count >>= 1;
        }
        context.count += 1;
        error
    }
}

/// All contexts of a scan.
pub(super) struct Model {
    pub(super) gradients: Vec<Context>,
    pub(super) runs: [RunContext; 2],
}

impl Model {
    pub(super) fn new(parameters: &Parameters) -> Self {
        let magnitude = i64::from((parameters.range + 32) / 64).max(2);
        let context = Context { magnitude, bias: 0, correction: 0, count: 1 };
        let run = |kind| RunContext { context, kind };
        Self { gradients: vec![context; GRADIENT_CONTEXTS], runs: [run(0), run(1)] }
    }
}
