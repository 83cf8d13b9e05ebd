//! Grey images: borrowed from the caller, and the levels of a pyramid.

/// An image of 8 bits, row by row.
#[derive(Clone, Copy, Debug)]
pub struct Grey<'a> {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` values; what is beyond is not looked at.
    pub pixels: &'a [u8],
}

impl Grey<'_> {
    /// Whether there are as many pixels as the size says, and at least one.
    pub(crate) fn is_whole(&self) -> bool {
        let pixels = self.width.checked_mul(self.height);
        pixels.is_some_and(|pixels| pixels > 0 && self.pixels.len() >= pixels)
    }

    /// One row.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        &self.pixels[y * self.width..(y + 1) * self.width]
    }

    /// Half as wide and high: each pixel the mean of four. An odd last row or column is left out.
    pub fn half(&self) -> Plane {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            let (upper, lower) = (self.row(2 * y), self.row(2 * y + 1));
            let pairs = upper.chunks_exact(2).zip(lower.chunks_exact(2));
            pixels.extend(pairs.map(|(a, b)| mean([a[0], a[1], b[0], b[1]])));
        }
        Plane { width, height, pixels }
    }

    /// Twice as wide and high, in between by straight lines: for small images, whose letters are small.
    pub(crate) fn double(&self) -> Plane {
        let (width, height) = (2 * self.width, 2 * self.height);
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            let near = self.row(y / 2);
            let far = self.row(neighbour(y, self.height));
            for x in 0..width {
                let (a, b) = (x / 2, neighbour(x, self.width));
                let sum =
                    9 * u32::from(near[a]) + 3 * (u32::from(near[b]) + u32::from(far[a])) + u32::from(far[b]);
                pixels.push(((sum + 8) / 16) as u8);
            }
        }
        Plane { width, height, pixels }
    }
}

fn mean(four: [u8; 4]) -> u8 {
    (four.into_iter().map(u16::from).sum::<u16>().wrapping_add(2) / 4) as u8
}

/// The second nearest sample of place `at` in an image twice as large as one of `count`.
fn neighbour(at: usize, count: usize) -> usize {
    if at.is_multiple_of(2) { (at / 2).saturating_sub(1) } else { (at / 2 + 1).min(count - 1) }
}

/// An image of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plane {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` values, row by row.
    pub pixels: Vec<u8>,
}

impl Plane {
    /// A view of it.
    pub fn grey(&self) -> Grey<'_> {
        Grey { width: self.width, height: self.height, pixels: &self.pixels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_takes_means_and_doubling_keeps_flat_areas_flat() {
        let pixels = [0, 4, 9, 8, 8, 9, 1, 1, 1];
        let image = Grey { width: 3, height: 3, pixels: &pixels };
        assert_eq!(image.half(), Plane { width: 1, height: 1, pixels: vec![5] });
        let flat = Grey { width: 2, height: 2, pixels: &[7; 4] };
        assert_eq!(flat.double(), Plane { width: 4, height: 4, pixels: vec![7; 16] });
    }

    #[test]
    fn an_image_with_missing_pixels_is_not_whole() {
        assert!(!Grey { width: 3, height: 3, pixels: &[0; 8] }.is_whole());
        assert!(!Grey { width: 0, height: 3, pixels: &[] }.is_whole());
        assert!(!Grey { width: usize::MAX, height: 3, pixels: &[0; 8] }.is_whole());
    }
}
