//! A line of text as a box.

/// A box around a line, in pixels of its level or of the image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
    pub(crate) confidence: f32,
}

impl Line {
    pub(crate) fn width(&self) -> f32 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f32 {
        self.bottom - self.top
    }

    pub(crate) fn area(&self) -> f32 {
        self.width().max(0.0) * self.height().max(0.0)
    }

    pub(crate) fn with(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
            confidence: self.confidence.max(other.confidence),
        }
    }

    /// Area of what both cover.
    pub(crate) fn shared(&self, other: &Self) -> f32 {
        let width = self.right.min(other.right) - self.left.max(other.left);
        let height = self.bottom.min(other.bottom) - self.top.max(other.top);
        width.max(0.0) * height.max(0.0)
    }

    /// Whether both are parts of one line: as high, at the same height, and no further apart than a letter.
    pub(crate) fn continues(&self, other: &Self) -> bool {
        self.follows(other, 0.9)
    }

    /// Whether both are as high, at the same height, and less than three letters apart.
    pub(crate) fn is_near(&self, other: &Self) -> bool {
        self.follows(other, 2.5)
    }

    /// `widest` is the gap between them in heights.
    fn follows(&self, other: &Self, widest: f32) -> bool {
        let (low, high) = (self.height().min(other.height()), self.height().max(other.height()));
        let beside = self.bottom.min(other.bottom) - self.top.max(other.top);
        let gap = self.left.max(other.left) - self.right.min(other.right);
        beside >= 0.6 * low && high <= 1.7 * low && gap <= widest * high
    }

    pub(crate) fn scaled(&self, by: f32) -> Self {
        Self {
            left: self.left * by,
            top: self.top * by,
            right: self.right * by,
            bottom: self.bottom * by,
            confidence: self.confidence,
        }
    }
}

/// Joins lines for as long as two of them ask for it.
pub(crate) fn join(mut lines: Vec<Line>, belong: impl Fn(&Line, &Line) -> bool) -> Vec<Line> {
    let mut changed = true;
    while changed {
        changed = false;
        let mut at = 0;
        while at < lines.len() {
            let partner = (at + 1..lines.len()).find(|&other| belong(&lines[at], &lines[other]));
            match partner {
                Some(other) => {
                    lines[at] = lines[at].with(&lines[other]);
                    lines.swap_remove(other);
                    changed = true;
                }
                None => at += 1,
            }
        }
    }
    lines
}
