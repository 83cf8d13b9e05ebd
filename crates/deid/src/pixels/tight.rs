//! A found box, drawn in to what changes inside it: rows and columns at its edges in which nothing is written stay.

use super::detect::{Found, Grey};

/// A step between neighbouring pixels counts from this part of the box's contrast on.
const STEP_PARTS: i32 = 8;
/// Boxes smaller than this are left as they are, in pixels a side.
const SMALLEST: usize = 6;

/// The smallest box within `found` that holds every step of `image` in it.
pub(super) fn tighten(image: &Grey<'_>, found: Found) -> Found {
    let (left, top) = (found.x as usize, found.y as usize);
    let (right, bottom) = (left + found.width as usize, top + found.height as usize);
    if right > image.width || bottom > image.height || right - left < SMALLEST || bottom - top < SMALLEST {
        return found;
    }
    let at = |x: usize, y: usize| i32::from(image.pixels[y * image.width + x]);
    let least = step(image, left..right, top..bottom);
    let is_step = |a: i32, b: i32| (a - b).abs() >= least;
    let (mut columns, mut rows) = (vec![false; right - left], vec![false; bottom - top]);
    for y in top..bottom {
        for x in left..right {
            let across = x + 1 < right && is_step(at(x, y), at(x + 1, y));
            let down = y + 1 < bottom && is_step(at(x, y), at(x, y + 1));
            if across || down {
                let (column, row) = (x - left, y - top);
                columns[column] = true;
                rows[row] = true;
                columns[(column + usize::from(across)).min(right - left - 1)] = true;
                rows[(row + usize::from(down)).min(bottom - top - 1)] = true;
            }
        }
    }
    let (Some((first_column, last_column)), Some((first_row, last_row))) = (ends(&columns), ends(&rows)) else {
        return found;
    };
    Found {
        x: (left + first_column) as u32,
        y: (top + first_row) as u32,
        width: (last_column - first_column + 1) as u32,
        height: (last_row - first_row + 1) as u32,
        confidence: found.confidence,
    }
}

/// The least step that counts: a part of the contrast between the darkest and the brightest twentieth of the box.
fn step(image: &Grey<'_>, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> i32 {
    let mut counts = [0_usize; 256];
    for y in rows {
        for pixel in &image.pixels[y * image.width + columns.start..y * image.width + columns.end] {
            counts[usize::from(*pixel)] += 1;
        }
    }
    let low = reached(&counts, 0..256).unwrap_or(0) as i32;
    let high = reached(&counts, (0..256).rev()).unwrap_or(255) as i32;
    ((high - low) / STEP_PARTS).max(2)
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

fn ends(marked: &[bool]) -> Option<(usize, usize)> {
    Some((marked.iter().position(|m| *m)?, marked.iter().rposition(|m| *m)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_edges_are_left_and_writing_is_held() {
        let (width, height) = (60, 40);
        let mut pixels: Vec<u8> = (0..width * height).map(|at| (at % 3) as u8).collect();
        for y in 15..25 {
            for x in (20..40).step_by(4) {
                pixels[y * width + x] = 250;
            }
        }
        let image = Grey { width, height, pixels: &pixels };
        let found = tighten(&image, Found { x: 5, y: 5, width: 50, height: 30, confidence: 0.9 });
        assert!(found.x <= 20 && found.x >= 18 && found.x + found.width >= 37 && found.x + found.width <= 40);
        assert!(found.y <= 15 && found.y >= 13 && found.y + found.height >= 25 && found.y + found.height <= 27);
        let flat = vec![9_u8; width * height];
        let image = Grey { width, height, pixels: &flat };
        let same = Found { x: 5, y: 5, width: 50, height: 30, confidence: 0.9 };
        assert_eq!(tighten(&image, same), same);
        let outside = Found { x: 50, y: 5, width: 50, height: 30, confidence: 0.9 };
        assert_eq!(tighten(&image, outside), outside);
    }
}
