//! The fonts of this machine, opened once.

use crate::{corpus::chance::Chance, typeset::Typeface};

const SAMPLE: &str = "AQRgz0189.-:/()";
const HANGUL: &str = "가남댁쵸힣";

/// Fonts for Latin letters, and those that also have Hangul.
pub(in crate::corpus) struct Faces {
    latin: Vec<Typeface>,
    korean: Vec<Typeface>,
}

impl Faces {
    /// Opens them.
    ///
    /// # Errors
    /// When this machine has no font for Latin letters or none for Hangul.
    pub(in crate::corpus) fn open() -> anyhow::Result<Self> {
        let readable = |face: &Typeface| {
            !["Symbol", "Emoji", "Math", "Dingbats", "Barcode"].iter().any(|odd| face.name().contains(odd))
        };
        let all: Vec<Typeface> = Typeface::with(SAMPLE).into_iter().filter(readable).collect();
        let (korean, latin): (Vec<_>, Vec<_>) = all.into_iter().partition(|face| face.has(HANGUL));
        anyhow::ensure!(!latin.is_empty(), "no font with Latin letters on this machine");
        anyhow::ensure!(!korean.is_empty(), "no font with Hangul on this machine");
        Ok(Self { latin, korean })
    }

    /// One that can write `text`.
    pub(super) fn pick(&self, text: &str, chance: &mut Chance) -> Option<&Typeface> {
        let choices = if text.is_ascii() && chance.is(0.8) { &self.latin } else { &self.korean };
        let fitting = (0..12).map(|_| chance.size(0, choices.len() - 1)).find(|&at| choices[at].has(text));
        fitting
            .map(|at| &choices[at])
            .or_else(|| self.latin.iter().chain(&self.korean).find(|face| face.has(text)))
    }
}
