//! Stored values of one frame, and drawing into them.

use crate::typeset::Ink;

/// A frame: one value a pixel, or three.
#[derive(Clone)]
pub(super) struct Canvas {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) samples: usize,
    pub(super) values: Vec<i32>,
}

/// Left, top, width and height.
pub(super) type Rect = [usize; 4];

impl Canvas {
    /// A frame full of `value`.
    pub(super) fn filled(columns: usize, rows: usize, value: &[i32]) -> Self {
        let values = value.iter().copied().cycle().take(columns * rows * value.len()).collect();
        Self { columns, rows, samples: value.len(), values }
    }

    /// Whether a rectangle lies inside.
    pub(super) fn holds(&self, rect: Rect) -> bool {
        rect[0] + rect[2] <= self.columns && rect[1] + rect[3] <= self.rows
    }

    /// Mixes `colour` into the pixels by their ink.
    pub(super) fn draw(&mut self, ink: &Ink, left: usize, top: usize, colour: &[i32]) {
        for row in 0..ink.height {
            for column in 0..ink.width {
                let share = i32::from(ink.coverage[row * ink.width + column]);
                self.mix(left + column, top + row, colour, share);
            }
        }
    }

    /// A filled rectangle, cut at the border.
    pub(super) fn fill(&mut self, rect: Rect, colour: &[i32]) {
        for row in rect[1]..(rect[1] + rect[3]).min(self.rows) {
            for column in rect[0]..(rect[0] + rect[2]).min(self.columns) {
                self.mix(column, row, colour, 255);
            }
        }
    }

    /// Share of a rectangle's values that lie within `tolerance` of the colour.
    pub(super) fn share_near(&self, rect: Rect, colour: &[i32], tolerance: f32) -> f32 {
        let near = |column: usize, row: usize| {
            let value = self.values[(row * self.columns + column) * self.samples];
            (value - colour[0]).unsigned_abs() as f32 <= 1.4 * tolerance
        };
        let rows = rect[1]..rect[1] + rect[3];
        let count: usize =
            rows.map(|row| (rect[0]..rect[0] + rect[2]).filter(|&column| near(column, row)).count()).sum();
        count as f32 / (rect[2] * rect[3]).max(1) as f32
    }

    fn mix(&mut self, column: usize, row: usize, colour: &[i32], share: i32) {
        if column >= self.columns || row >= self.rows {
            return;
        }
        let at = (row * self.columns + column) * self.samples;
        for (value, &to) in self.values[at..at + self.samples].iter_mut().zip(colour) {
            *value += (to - *value) * share / 255;
        }
    }
}

/// Whether two rectangles come closer than `gap`.
pub(super) fn close(a: Rect, b: Rect, gap: usize) -> bool {
    let apart =
        |axis: usize| a[axis] + a[axis + 2] + gap <= b[axis] || b[axis] + b[axis + 2] + gap <= a[axis];
    !(apart(0) || apart(1))
}
