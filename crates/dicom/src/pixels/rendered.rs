//! What a person sees.

use super::{
    Pixels,
    range::{scaled, usual_range},
    shape::Photometric,
    window::Window,
    word::Layout,
};
use crate::DataSet;

/// A colour image of 8 bits a channel, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rgb8 {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Red, green and blue of each pixel.
    pub pixels: Vec<u8>,
}

impl Pixels {
    /// The frame through the window of the data set, or through its range of numbers where there is none;
    /// MONOCHROME1 is inverted. Black behind the last frame.
    pub fn rendered(&self, frame: usize, data_set: &DataSet) -> Rgb8 {
        let mut pixels: Vec<u8> = if self.is_colour() {
            self.colours(frame).into_iter().flatten().collect()
        } else {
            self.windowed(frame, data_set).into_iter().flat_map(|grey| [grey; 3]).collect()
        };
        pixels.resize(self.shape.frame_pixels() * 3, 0);
        Rgb8 { width: self.columns(), height: self.rows(), pixels }
    }

    fn windowed(&self, frame: usize, data_set: &DataSet) -> Vec<u8> {
        let values = self.frame_values(frame);
        let inverted = self.shape.photometric == Photometric::Monochrome1;
        let shown = |grey: u8| if inverted { 255 - grey } else { grey };
        if let Some(window) = Window::of(data_set, frame) {
            return values.iter().map(|value| shown(window.grey(*value))).collect();
        }
        let (low, high) = usual_range(&values, self.padding);
        values.iter().map(|value| shown(scaled(*value, low, high))).collect()
    }

    /// Whether pixels are more than one number of grey.
    pub(super) fn is_colour(&self) -> bool {
        match self.shape.photometric {
            Photometric::Monochrome1 | Photometric::Monochrome2 => false,
            Photometric::Palette => self.palette.is_some(),
            _ => true,
        }
    }

    /// Red, green and blue of each pixel of a colour frame.
    pub(super) fn colours(&self, frame: usize) -> Vec<[u8; 3]> {
        if let (Photometric::Palette, Some(palette)) = (self.shape.photometric, &self.palette) {
            return self.frame_values(frame).into_iter().map(|index| palette.colour(index)).collect();
        }
        let values = Layout::of(&self.shape).bytes(self.frame_words(frame));
        let (step, plane) = if self.shape.planar { (1, self.shape.frame_pixels()) } else { (3, 1) };
        let channel = |at: usize| values.get(at).copied().unwrap_or(0);
        let three = |pixel: usize| [0, 1, 2].map(|sample| channel(pixel * step + sample * plane));
        let pixels = values.len() / 3;
        let is_ybr = self.shape.photometric.is_ybr();
        (0..pixels).map(|pixel| if is_ybr { rgb(three(pixel)) } else { three(pixel) }).collect()
    }
}

/// YBR_FULL to RGB (PS3.3 C.7.6.3.1.2), in thousandths.
fn rgb([luminance, blue, red]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(luminance) * 1000, i32::from(blue) - 128, i32::from(red) - 128);
    let channel = |thousandths: i32| ((thousandths + 500) / 1000).clamp(0, 255) as u8;
    [channel(y + 1402 * cr), channel(y - 344 * cb - 714 * cr), channel(y + 1772 * cb)]
}
