//! Blacking out: what was there is gone from the words.

use std::ops::Range;

use super::{Pixels, Region, shape::Photometric, word::Layout};

impl Pixels {
    /// Sets every pixel of the region, as far as it lies in the image, to what displays as black: 0, the lowest
    /// number in use where numbers have a sign, the highest in use for MONOCHROME1, the darkest entry of a
    /// palette. Whole words are set: overlay bits in them are gone, too.
    pub fn black_out(&mut self, region: &Region) {
        let frames = match region.frame {
            Some(frame) => span(frame, 1, self.frames()),
            None => 0..self.frames(),
        };
        let (rows, columns) =
            (span(region.y, region.height, self.rows()), span(region.x, region.width, self.columns()));
        if frames.is_empty() || rows.is_empty() || columns.is_empty() {
            return;
        }
        let black = self.black();
        self.changed = true;
        for frame in frames {
            rows.clone().for_each(|row| self.black_out_row(frame, row, &columns, &black));
        }
    }

    fn black_out_row(&mut self, frame: usize, row: usize, columns: &Range<usize>, black: &[Vec<u8>]) {
        let shape = self.shape;
        let start = frame * shape.frame_samples();
        for column in columns.clone() {
            for (sample, word) in black.iter().enumerate() {
                let at = (start + shape.at(row, column, sample)) * word.len();
                if let Some(target) = self.words.get_mut(at..at + word.len()) {
                    target.copy_from_slice(word);
                }
            }
        }
    }

    /// The word of black for each sample of a pixel.
    fn black(&mut self) -> Vec<Vec<u8>> {
        let layout = Layout::of(&self.shape);
        let middle = 1_i32.wrapping_shl(self.shape.bits_stored - 1);
        let values = match self.shape.photometric {
            Photometric::Monochrome1 => vec![self.extremes().1],
            Photometric::Monochrome2 if self.shape.signed => vec![self.extremes().0],
            Photometric::Monochrome2 => vec![0],
            Photometric::Palette => {
                let last = layout.full_scale().min(i32::MAX as u32) as i32;
                vec![self.palette.as_ref().map_or(0, |palette| palette.darkest(last))]
            }
            Photometric::Ybr | Photometric::Ybr422 => vec![0, middle, middle],
            Photometric::Rgb | Photometric::YbrOfJpeg2000 => vec![0; 3],
        };
        let fill = !self.has_overlays_in_words;
        let bytes = |value| {
            let word = layout.word(value, fill).to_le_bytes();
            word.iter().copied().take(self.shape.word_bytes()).collect()
        };
        values.into_iter().map(bytes).collect()
    }
}

/// From `start` on, `length` long, up to `end`.
fn span(start: u32, length: u32, end: usize) -> Range<usize> {
    let stop = start as usize + length as usize;
    (start as usize).min(end)..stop.min(end)
}
