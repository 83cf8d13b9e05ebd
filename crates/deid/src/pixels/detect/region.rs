//! Which parts of a level are worth looking at: rectangles around the lively blocks.

use super::contrast::Contrast;

/// Blocks in the height of a band.
const BAND: usize = 8;
/// Blocks without a stroke that do not end a span: looking at them costs less than starting anew.
const GAP: usize = 8;
/// Rows of blocks of one region at most.
const MAX_ROWS: usize = 48;

/// A rectangle of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) left: usize,
    pub(crate) top: usize,
    pub(crate) right: usize,
    pub(crate) bottom: usize,
}

/// Rectangles that cover every lively block and its neighbours.
pub(crate) fn regions(contrast: &Contrast) -> Vec<Region> {
    let mut done = Vec::new();
    let mut open: Vec<Region> = Vec::new();
    for top in (0..contrast.rows).step_by(BAND) {
        let bottom = (top + BAND).min(contrast.rows);
        let mut next = Vec::new();
        for (left, right) in spans(&lively_columns(contrast, top, bottom)) {
            let span = Region { left, top, right, bottom };
            let fits = open.iter().position(|above| above.takes(&span));
            next.push(fits.map_or(span, |at| open.swap_remove(at).with(&span)));
        }
        done.append(&mut open);
        open = next;
    }
    done.append(&mut open);
    done
}

impl Region {
    /// Whether one rectangle around both is not much larger than the two: each start costs a halo.
    fn takes(&self, below: &Self) -> bool {
        let all = self.with(below);
        let area = |region: &Self| (region.right - region.left + 8) * (region.bottom - region.top + 4);
        all.bottom - all.top <= MAX_ROWS && area(&all) <= area(self) + area(below)
    }

    fn with(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// Columns of blocks with a lively block in a band, or beside one.
fn lively_columns(contrast: &Contrast, top: usize, bottom: usize) -> Vec<bool> {
    let rows = top.saturating_sub(1)..(bottom + 1).min(contrast.rows);
    let lively = |column: usize| rows.clone().any(|row| contrast.is_lively(column, row));
    let own: Vec<bool> = (0..contrast.columns).map(lively).collect();
    let near = |column: usize| own[column.saturating_sub(1)..(column + 2).min(own.len())].contains(&true);
    (0..own.len()).map(near).collect()
}

/// Runs of lively columns; short gaps are bridged.
fn spans(lively: &[bool]) -> Vec<(usize, usize)> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for column in (0..lively.len()).filter(|&column| lively[column]) {
        match spans.last_mut() {
            Some((_, end)) if column <= *end + GAP => *end = column + 1,
            _ => spans.push((column, column + 1)),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::{super::grey::Grey, *};

    #[test]
    fn strokes_are_covered_and_flat_areas_are_not() {
        let (width, height) = (800, 600);
        let mut pixels = vec![90_u8; width * height];
        for (x, y) in [(3, 3), (700, 40), (400, 590), (796, 596)] {
            for row in 0..3.min(height - y) {
                pixels[(y + row) * width + x] = 255;
            }
        }
        let regions = regions(&Contrast::of(&Grey { width, height, pixels: &pixels }));
        for (x, y) in [(3, 3), (700, 40), (400, 590), (796, 596)] {
            let (column, row) = (x / 8, y / 8);
            let inside = |r: &Region| (r.left..r.right).contains(&column) && (r.top..r.bottom).contains(&row);
            assert_eq!(regions.iter().filter(|r| inside(r)).count(), 1, "{x} {y} in {regions:?}");
        }
        let area: usize = regions.iter().map(|r| (r.right - r.left) * (r.bottom - r.top)).sum();
        assert!(area < 160, "{area} blocks of 7500");
    }
}
