//! Waiting before the next attempt.

use std::time::Duration;

use rand::{Rng, RngCore};

/// Full jitter, capped, unbounded in count: a random time between nothing and twice the last limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The limit of the first wait.
    pub base: Duration,
    /// The limit that is never passed.
    pub cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { base: Duration::from_secs(1), cap: Duration::from_secs(300) }
    }
}

impl Backoff {
    /// How long to wait after failure number `failures`, counted from 1.
    pub fn wait(&self, failures: u32, rng: &mut impl RngCore) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        let limit = self.base.saturating_mul(1 << doublings).min(self.cap);
        let limit_us = u64::try_from(limit.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(rng.random_range(0..=limit_us))
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

    use super::*;

    #[test]
    fn waits_grow_are_spread_and_stay_under_the_cap() {
        let backoff = Backoff::default();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for failures in [1, 2, 5, 9, 40, u32::MAX] {
            let waits: Vec<_> = (0..2000).map(|_| backoff.wait(failures, &mut rng)).collect();
            let limit = Duration::from_secs(1 << (failures - 1).min(20)).min(backoff.cap);
            let longest = waits.iter().max().unwrap();
            assert!(*longest <= limit && *longest > limit.mul_f64(0.95), "{failures}: {longest:?}");
            assert!(*waits.iter().min().unwrap() < limit.mul_f64(0.05), "{failures}");
        }
    }
}
