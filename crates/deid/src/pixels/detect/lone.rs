//! Marks of a single glyph: the R or L of a side marker is no text.

use super::{grey::Grey, line::Line};

/// A line wider than this many times its height holds more than one glyph.
const WIDEST: f32 = 1.5;
/// A part of a glyph fills at least this share of its line's height; less is a speck.
const TALL: f32 = 0.25;

/// Letters of one line are about equally strong; what is fainter than this share of the strongest is anatomy.
const STRONG: f32 = 0.7;

/// Whether the box holds just one glyph, without a neighbour.
pub(crate) fn is_lone(image: &Grey<'_>, line: &Line) -> bool {
    if line.width() > WIDEST * line.height() {
        return false;
    }
    let patch = Patch::around(image, line);
    patch.glyphs(TALL * line.height()) == 1
}

/// The ink near a box: how far pixels differ from what surrounds the box; 0 where they are nearer to that than
/// to the strokes.
struct Patch {
    width: usize,
    ink: Vec<i32>,
}

/// A connected piece of ink.
#[derive(Clone, Copy, PartialEq)]
struct Piece {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
    strength: i32,
}

impl Piece {
    fn is_within(&self, other: &Self) -> bool {
        let across = self.left >= other.left && self.right <= other.right;
        self != other && across && self.top >= other.top && self.bottom <= other.bottom
    }
}

impl Patch {
    fn around(image: &Grey<'_>, line: &Line) -> Self {
        let margin = 1.0 + 0.15 * line.height();
        let span = |low: f32, high: f32, limit: usize| {
            let first = ((low - margin).max(0.0) as usize).min(limit - 1);
            first..((high + margin).ceil().max(0.0) as usize).clamp(first + 1, limit)
        };
        let columns = span(line.left, line.right, image.width);
        let rows = span(line.top, line.bottom, image.height);
        let grey: Vec<u8> =
            rows.clone().flat_map(|y| image.row(y)[columns.clone()].iter().copied()).collect();
        let width = columns.len();
        let ground = ground(&grey, width);
        let differences = || grey.iter().map(|&p| i32::from(p) - ground);
        let (low, high) = (differences().min().unwrap_or(0), differences().max().unwrap_or(0));
        let sign = if high >= -low { 1 } else { -1 };
        let most = high.max(-low);
        let ink = differences().map(|d| if 2 * sign * d > most { sign * d } else { 0 }).collect();
        Self { width, ink }
    }

    /// Separate pieces of strong ink of at least that height; what lies within another (a letter in a ring)
    /// counts once. A syllable of Hangul has several: it is text even when it stands alone.
    fn glyphs(mut self, height: f32) -> usize {
        let mut pieces: Vec<Piece> = Vec::new();
        for start in 0..self.ink.len() {
            if self.ink[start] > 0 {
                pieces.push(self.take(start));
            }
        }
        let strongest = pieces.iter().map(|piece| piece.strength).max().unwrap_or(0) as f32;
        pieces.retain(|piece| {
            let tall = (piece.bottom - piece.top) as f32 + 1.0 >= height;
            tall && piece.strength as f32 >= STRONG * strongest
        });
        pieces.iter().filter(|piece| !pieces.iter().any(|other| piece.is_within(other))).count()
    }

    /// Removes one connected piece.
    fn take(&mut self, start: usize) -> Piece {
        let mut piece = Piece { left: usize::MAX, top: usize::MAX, right: 0, bottom: 0, strength: 0 };
        let mut waiting = vec![(start, std::mem::take(&mut self.ink[start]))];
        while let Some((at, strength)) = waiting.pop() {
            let (x, y) = (at % self.width, at / self.width);
            piece.left = piece.left.min(x);
            piece.top = piece.top.min(y);
            piece.right = piece.right.max(x);
            piece.bottom = piece.bottom.max(y);
            piece.strength = piece.strength.max(strength);
            for ny in y.saturating_sub(1)..=y + 1 {
                for nx in x.saturating_sub(1)..=(x + 1).min(self.width - 1) {
                    let near = ny * self.width + nx;
                    if self.ink.get(near).is_some_and(|ink| *ink > 0) {
                        waiting.push((near, std::mem::take(&mut self.ink[near])));
                    }
                }
            }
        }
        piece
    }
}

/// The middle of the grey values along the border.
fn ground(grey: &[u8], width: usize) -> i32 {
    let rows = grey.len() / width;
    let border = |at: &usize| {
        let (x, y) = (at % width, at / width);
        x == 0 || y == 0 || x + 1 == width || y + 1 == rows
    };
    let mut values: Vec<u8> = (0..grey.len()).filter(border).map(|at| grey[at]).collect();
    values.sort_unstable();
    values.get(values.len() / 2).map_or(0, |&value| i32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws pictures of `#`, four pixels a dot, white on black or the other way round.
    fn picture(dots: &[&str], inverted: bool) -> (Vec<u8>, usize, usize, Line) {
        let (width, height) = (4 * (dots[0].len() + 4), 4 * (dots.len() + 4));
        let ink = |x: usize, y: usize| {
            let row = (y / 4).checked_sub(2).and_then(|row| dots.get(row));
            row.and_then(|row| (x / 4).checked_sub(2).and_then(|x| row.as_bytes().get(x))) == Some(&b'#')
        };
        let pixel = |i: usize| if ink(i % width, i / width) == inverted { 20 } else { 220 };
        let (right, bottom) = (width as f32 - 8.0, height as f32 - 8.0);
        let line = Line { left: 8.0, top: 8.0, right, bottom, confidence: 1.0 };
        ((0..width * height).map(pixel).collect(), width, height, line)
    }

    fn lone(dots: &[&str]) -> bool {
        let both = [false, true].map(|inverted| {
            let (pixels, width, height, line) = picture(dots, inverted);
            is_lone(&Grey { width, height, pixels: &pixels }, &line)
        });
        assert_eq!(both[0], both[1]);
        both[0]
    }

    #[test]
    fn one_letter_is_lone_and_two_are_not() {
        assert!(lone(&["##.", "#.#", "##.", "#.#", "#.#"]));
        assert!(lone(&["#..", "#..", "#..", "#..", "###"]));
        assert!(
            lone(&[".#####.", "#.....#", "#.#...#", "#.#...#", "#.###.#", "#.....#", ".#####."]),
            "in a ring"
        );
        assert!(!lone(&["###.#.", "..#.#.", "..#.##", "....#.", "....#."]), "a syllable");
        assert!(!lone(&["##..#.", "#.#.#.", "##..#.", "#.#.#.", "#.#.##"]));
        assert!(!lone(&["##..#..##", "#.#.#.#.#", "##..#.#.#", "#.#.#.#.#", "#.#.#.##."]), "wide");
    }
}
