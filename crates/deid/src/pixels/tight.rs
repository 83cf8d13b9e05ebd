//! A found box, taken apart into what is written inside it: bands of rows, and in each of them runs of columns. What
//! lies between is empty and stays. Every step between neighbouring pixels of some strength stays covered.

use std::ops::Range;

use super::detect::{Found, Grey};

/// A step between neighbouring pixels counts from this part of the box's contrast on.
const STEP_PARTS: i32 = 14;
const LEAST_STEP: i32 = 3;
/// Boxes smaller than this are left as they are, in pixels a side.
const SMALLEST: usize = 6;
/// Empty rows that part two bands.
const BAND_GAP: usize = 2;

/// The parts of `found` in which `image` has steps; `found` itself where there is none.
pub(super) fn parts(image: &Grey<'_>, found: Found) -> Vec<Found> {
    let (left, top) = (found.x as usize, found.y as usize);
    let (right, bottom) = (left + found.width as usize, top + found.height as usize);
    if right > image.width || bottom > image.height || right - left < SMALLEST || bottom - top < SMALLEST {
        return vec![found];
    }
    let steps = Steps::of(image, left..right, top..bottom);
    let mut out = Vec::new();
    for rows in runs(&steps.rows(), BAND_GAP) {
        let gap = rows.len() + rows.len() / 4 + 4;
        for columns in runs(&steps.columns(&rows), gap) {
            let within = steps.rows_within(&rows, &columns);
            for rows in
                runs(&within, usize::MAX).into_iter().map(|r| rows.start + r.start..rows.start + r.end)
            {
                out.push(Found {
                    x: (left + columns.start) as u32,
                    y: (top + rows.start) as u32,
                    width: columns.len() as u32,
                    height: rows.len() as u32,
                    confidence: found.confidence,
                });
            }
        }
    }
    if out.is_empty() { vec![found] } else { out }
}

/// Where in a box neighbouring pixels differ strongly: both pixels of each such pair.
struct Steps {
    width: usize,
    marked: Vec<bool>,
}

impl Steps {
    fn of(image: &Grey<'_>, columns: Range<usize>, rows: Range<usize>) -> Self {
        let (width, height) = (columns.len(), rows.len());
        let at =
            |x: usize, y: usize| i32::from(image.pixels[(rows.start + y) * image.width + columns.start + x]);
        let least = least_step(image, &columns, &rows);
        let mut marked = vec![false; width * height];
        for y in 0..height {
            for x in 0..width {
                let here = at(x, y);
                if x + 1 < width && (here - at(x + 1, y)).abs() >= least {
                    marked[y * width + x] = true;
                    marked[y * width + x + 1] = true;
                }
                if y + 1 < height && (here - at(x, y + 1)).abs() >= least {
                    marked[y * width + x] = true;
                    marked[(y + 1) * width + x] = true;
                }
            }
        }
        Self { width, marked }
    }

    fn rows(&self) -> Vec<bool> {
        self.marked.chunks_exact(self.width).map(|row| row.contains(&true)).collect()
    }

    fn columns(&self, rows: &Range<usize>) -> Vec<bool> {
        (0..self.width).map(|x| rows.clone().any(|y| self.marked[y * self.width + x])).collect()
    }

    fn rows_within(&self, rows: &Range<usize>, columns: &Range<usize>) -> Vec<bool> {
        rows.clone().map(|y| self.marked[y * self.width..][columns.clone()].contains(&true)).collect()
    }
}

/// Runs of marks that are no more than `gap` apart.
fn runs(marked: &[bool], gap: usize) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for at in (0..marked.len()).filter(|at| marked[*at]) {
        match out.last_mut() {
            Some(run) if at - run.end <= gap => run.end = at + 1,
            _ => out.push(at..at + 1),
        }
    }
    out
}

/// The least step that counts: a part of the contrast between the darkest and the brightest twentieth of the box.
fn least_step(image: &Grey<'_>, columns: &Range<usize>, rows: &Range<usize>) -> i32 {
    let mut counts = [0_usize; 256];
    for y in rows.clone() {
        for pixel in &image.pixels[y * image.width..][columns.clone()] {
            counts[usize::from(*pixel)] += 1;
        }
    }
    let low = reached(&counts, 0..256).unwrap_or(0) as i32;
    let high = reached(&counts, (0..256).rev()).unwrap_or(255) as i32;
    ((high - low) / STEP_PARTS).max(LEAST_STEP)
}

/// The first value in `order` with a twentieth of all pixels up to it.
fn reached(counts: &[usize; 256], mut order: impl Iterator<Item = usize>) -> Option<usize> {
    let all: usize = counts.iter().sum();
    let mut seen = 0;
    order.find(|value| {
        seen += counts[*value];
        seen * 20 > all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bars of 250 on a ground of 0 to 2, at these boxes.
    fn picture(boxes: &[[usize; 4]]) -> (usize, usize, Vec<u8>) {
        let (width, height) = (120, 60);
        let mut pixels: Vec<u8> = (0..width * height).map(|at| (at % 3) as u8).collect();
        for [left, top, right, bottom] in boxes {
            for y in *top..*bottom {
                for x in (*left..*right).step_by(4) {
                    pixels[y * width + x] = 250;
                }
            }
        }
        (width, height, pixels)
    }

    #[test]
    fn two_lines_come_apart_and_what_is_empty_stays() {
        let boxes = [[20, 10, 60, 18], [20, 24, 100, 32]];
        let (width, height, pixels) = picture(&boxes);
        let image = Grey { width, height, pixels: &pixels };
        let found = parts(&image, Found { x: 5, y: 2, width: 110, height: 55, confidence: 0.9 });
        assert_eq!(found.len(), 2);
        for (part, [left, top, right, bottom]) in found.iter().zip(boxes) {
            let (x, y) = (part.x as usize, part.y as usize);
            assert!(x <= left && left - x <= 2 && y <= top && top - y <= 1);
            let (far, low) = (x + part.width as usize, y + part.height as usize);
            assert!(far + 4 >= right && far <= right + 2 && low >= bottom && low <= bottom + 1);
        }
    }

    #[test]
    fn a_box_without_steps_or_outside_stays_as_it_is() {
        let flat = vec![9_u8; 120 * 60];
        let image = Grey { width: 120, height: 60, pixels: &flat };
        for (x, width) in [(5, 50), (100, 50)] {
            let same = Found { x, y: 5, width, height: 30, confidence: 0.9 };
            assert_eq!(parts(&image, same), vec![same]);
        }
    }
}
