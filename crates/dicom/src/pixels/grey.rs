//! What a text detector looks at.

use super::{
    Pixels,
    range::{scaled, usual_range},
};

/// A grey image of 8 bits, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grey8 {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// One byte a pixel; 0 is dark.
    pub pixels: Vec<u8>,
}

impl Pixels {
    /// The frame with its whole range of numbers in 8 bits, whatever a window would show: text outside the
    /// window is text. Colour becomes luminance; MONOCHROME1 is not inverted. Black behind the last frame.
    pub fn grey(&self, frame: usize) -> Grey8 {
        let mut pixels = if self.is_colour() { self.luminance(frame) } else { self.whole_range(frame) };
        pixels.resize(self.shape.frame_pixels(), 0);
        Grey8 { width: self.columns(), height: self.rows(), pixels }
    }

    fn whole_range(&self, frame: usize) -> Vec<u8> {
        let values = self.frame_values(frame);
        let (low, high) = usual_range(&values, self.padding);
        values.iter().map(|value| scaled(*value, low, high)).collect()
    }

    fn luminance(&self, frame: usize) -> Vec<u8> {
        self.colours(frame).into_iter().map(luminance).collect()
    }
}

/// ITU-R BT.601.
pub(super) fn luminance([red, green, blue]: [u8; 3]) -> u8 {
    let sum = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    ((sum + 500) / 1000) as u8
}
