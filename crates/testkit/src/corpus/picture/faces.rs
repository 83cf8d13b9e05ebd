//! The fonts of this machine, opened once.

use crate::{
    corpus::{chance::Chance, plan::Style},
    typeset::{Ink, Typeface},
};

const SAMPLE: &str = "AQRgz0189.-:/()";
const HANGUL: &str = "가남댁쵸힣";

/// Fonts for Latin letters, and those that also have Hangul.
pub(in crate::corpus) struct Faces {
    latin: Vec<Typeface>,
    korean: Vec<Typeface>,
}

impl Faces {
    /// Opens those of a style.
    ///
    /// # Errors
    /// When this machine has no font for Latin letters or none for Hangul.
    pub(in crate::corpus) fn open(style: Style) -> anyhow::Result<Self> {
        let readable = |face: &Typeface| {
            !["Symbol", "Emoji", "Math", "D050000L", "Dingbats", "Barcode"]
                .iter()
                .any(|odd| face.name().contains(odd))
        };
        let all: Vec<Typeface> = Typeface::with(SAMPLE).into_iter().filter(readable).collect();
        let (korean, latin): (Vec<_>, Vec<_>) = all.into_iter().partition(|face| face.has(HANGUL));
        let (korean, latin) = (style.of(korean), style.of(latin));
        anyhow::ensure!(!latin.is_empty(), "no font with Latin letters on this machine");
        anyhow::ensure!(!korean.is_empty(), "no font with Hangul on this machine");
        Ok(Self { latin, korean })
    }

    /// `text` in some font, `height` pixels high, its strokes solid enough to be read.
    pub(super) fn draw(&self, text: &str, height: f32, chance: &mut Chance) -> Option<Ink> {
        let choices = if text.is_ascii() && chance.is(0.8) { &self.latin } else { &self.korean };
        let tries = (0..16).map(|_| chance.size(0, choices.len() - 1));
        let drawn =
            tries.filter_map(|at| Some(&choices[at]).filter(|face| face.has(text))?.draw(text, height));
        drawn.into_iter().find(is_solid)
    }
}

/// Whether enough of the ink is dark: hairlines of a small size are not.
fn is_solid(ink: &Ink) -> bool {
    let count = |least: u8| ink.coverage.iter().filter(|share| **share >= least).count();
    4 * count(200) >= count(32)
}
