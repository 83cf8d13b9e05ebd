//! How light and how lively each place of an image is, and its pixels relative to that: faint and strong
//! letters then look alike.

use super::grey::Grey;

/// Side of a block in pixels.
pub(crate) const BLOCK: usize = 8;
/// Added to the local deviation: flat noise stays small.
const FLOOR: f32 = 6.0;
/// A block whose grey values deviate less than this holds no stroke, in grey levels.
const STROKE: f32 = 7.0;
/// Nor does one whose grey values bend less along its rows: a slope is no stroke.
const BEND: u32 = 8;
/// Pixels between the three places that a bend is measured at.
const ARM: usize = 2;

/// Sums over the pixels of a block.
#[derive(Clone, Copy, Default)]
struct Sums {
    count: u32,
    grey: u32,
    squares: u32,
    bend: u32,
}

impl Sums {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.grey += other.grey;
        self.squares += other.squares;
        self.bend += other.bend;
    }

    fn mean(self) -> f32 {
        self.grey as f32 / self.count.max(1) as f32
    }

    fn deviation(self) -> f32 {
        let mean_square = self.squares as f32 / self.count.max(1) as f32;
        (mean_square - self.mean().powi(2)).max(0.0).sqrt()
    }

    /// Whether a stroke may cross the block.
    fn is_lively(self) -> bool {
        self.bend >= BEND * self.count && self.deviation() >= STROKE
    }
}

/// Lightness and liveliness of an image, by blocks.
pub struct Contrast {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    mean: Vec<f32>,
    gain: Vec<f32>,
    lively: Vec<bool>,
}

impl Contrast {
    /// Of a whole image with at least one pixel.
    pub fn of(image: &Grey<'_>) -> Self {
        let (columns, rows) = (image.width.div_ceil(BLOCK), image.height.div_ceil(BLOCK));
        let sums = block_sums(image, columns, rows);
        let lively = sums.iter().map(|block| block.is_lively()).collect();
        let around = neighbourhoods(&sums, columns, rows);
        let mean = around.iter().map(|sums| sums.mean()).collect();
        let gain = around.iter().map(|sums| 1.0 / (sums.deviation() + FLOOR)).collect();
        Self { columns, rows, mean, gain, lively }
    }

    /// Whether a stroke may cross the block.
    pub(crate) fn is_lively(&self, column: usize, row: usize) -> bool {
        self.lively[row * self.columns + column]
    }

    /// The pixels of a window relative to their surroundings; 0 outside the image.
    pub fn window(&self, image: &Grey<'_>, left: isize, top: isize, width: usize, height: usize) -> Vec<f32> {
        let mut out = vec![0.0; width * height];
        let (mut mean, mut gain) = (vec![0.0; self.columns], vec![0.0; self.columns]);
        let first = left.clamp(0, image.width as isize) as usize;
        let last = (left + width as isize).clamp(0, image.width as isize) as usize;
        for (line, row) in out.chunks_exact_mut(width).zip(top..) {
            let Some(y) = usize::try_from(row).ok().filter(|&y| y < image.height) else { continue };
            self.blend_rows(y, &mut mean, &mut gain);
            let source = image.row(y);
            for x in first..last {
                let (a, b, share) = place(x, self.columns);
                let mean = mean[a] + share * (mean[b] - mean[a]);
                let gain = gain[a] + share * (gain[b] - gain[a]);
                line[(x as isize - left) as usize] = (f32::from(source[x]) - mean) * gain;
            }
        }
        out
    }

    fn blend_rows(&self, y: usize, mean: &mut [f32], gain: &mut [f32]) {
        let (a, b, share) = place(y, self.rows);
        let (a, b) = (a * self.columns, b * self.columns);
        for column in 0..self.columns {
            mean[column] = self.mean[a + column] + share * (self.mean[b + column] - self.mean[a + column]);
            gain[column] = self.gain[a + column] + share * (self.gain[b + column] - self.gain[a + column]);
        }
    }
}

/// The two blocks whose middles are next to pixel `at`, and how far it is from the first to the second.
fn place(at: usize, blocks: usize) -> (usize, usize, f32) {
    let half = BLOCK / 2;
    if at < half {
        return (0, 0, 0.0);
    }
    let first = (at - half) / BLOCK;
    let share = ((at - half) % BLOCK) as f32 / BLOCK as f32 + 0.5 / BLOCK as f32;
    (first.min(blocks - 1), (first + 1).min(blocks - 1), share)
}

fn block_sums(image: &Grey<'_>, columns: usize, rows: usize) -> Vec<Sums> {
    let mut sums = vec![Sums::default(); columns * rows];
    let mut bends = vec![0_u16; image.width];
    for y in 0..image.height {
        bend(image.row(y), &mut bends);
        let line = &mut sums[y / BLOCK * columns..][..columns];
        let parts = image.row(y).chunks(BLOCK).zip(bends.chunks(BLOCK));
        for (block, (pixels, bends)) in line.iter_mut().zip(parts) {
            block.count += pixels.len() as u32;
            block.grey += pixels.iter().map(|&p| u32::from(p)).sum::<u32>();
            block.squares += pixels.iter().map(|&p| u32::from(p) * u32::from(p)).sum::<u32>();
            block.bend += bends.iter().map(|&b| u32::from(b)).sum::<u32>();
        }
    }
    sums
}

/// How much the grey values of a row bend at each pixel; the first and last ones are left at 0.
fn bend(row: &[u8], bends: &mut [u16]) {
    if row.len() <= 2 * ARM {
        return;
    }
    let sides = row.iter().zip(&row[2 * ARM..]);
    for (bend, ((&a, &b), &middle)) in bends[ARM..].iter_mut().zip(sides.zip(&row[ARM..])) {
        *bend = (u16::from(a) + u16::from(b)).abs_diff(2 * u16::from(middle));
    }
}

/// Each block with its eight neighbours.
fn neighbourhoods(sums: &[Sums], columns: usize, rows: usize) -> Vec<Sums> {
    let across: Vec<Sums> = (0..sums.len()).map(|i| three(sums, i, 1, i % columns, columns)).collect();
    (0..sums.len()).map(|i| three(&across, i, columns, i / columns, rows)).collect()
}

/// Block `index` with those one `step` before and behind it; it is the `at`-th of `count`.
fn three(sums: &[Sums], index: usize, step: usize, at: usize, count: usize) -> Sums {
    let mut all = sums[index];
    if at > 0 {
        all.add(sums[index - step]);
    }
    if at + 1 < count {
        all.add(sums[index + step]);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strong_and_faint_strokes_become_alike_and_flat_stays_flat() {
        let stripes = |low: u8, high: u8| -> Vec<u8> {
            (0..64 * 64).map(|i| if i % 8 < 2 { high } else { low }).collect()
        };
        let peak = |pixels: &[u8]| {
            let image = Grey { width: 64, height: 64, pixels };
            let window = Contrast::of(&image).window(&image, -8, -8, 80, 80);
            assert_eq!(window[0], 0.0, "outside");
            window.into_iter().fold(0.0, f32::max)
        };
        let (strong, faint) = (peak(&stripes(0, 255)), peak(&stripes(100, 140)));
        assert!(strong / faint < 1.5, "{strong} and {faint}");
        assert!(peak(&stripes(100, 101)) < 0.2);
    }
}
