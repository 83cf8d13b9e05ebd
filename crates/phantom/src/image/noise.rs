//! Gaussian noise from a tile that is made once: an image starts somewhere in it.

use crate::random::Dice;

/// Standard normal numbers, to be walked through from any place.
pub(crate) struct Noise(Vec<f32>);

impl Noise {
    /// A tile for `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, "noise", 0);
        Self((0..65_521).map(|_| dice.normal() as f32).collect())
    }

    /// An endless walk that starts at `place`.
    pub(crate) fn from(&self, place: u64) -> impl Iterator<Item = f32> + '_ {
        let start = (place % self.0.len() as u64) as usize;
        self.0[start..].iter().chain(self.0.iter().cycle()).copied()
    }
}
