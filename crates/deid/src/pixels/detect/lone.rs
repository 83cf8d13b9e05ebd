//! Marks of a single glyph: the R or L of a side marker is no text.

use super::{grey::Grey, line::Line};

/// A line wider than this many times its height holds more than one glyph.
const WIDEST: f32 = 1.5;
/// A part of a glyph fills at least this share of its line's height; less is a speck.
const TALL: f32 = 0.25;
/// What is looked at beyond the box, in heights: the glyph's own rim, and the ring that may stand around it.
const RIM: f32 = 0.15;
const RING: f32 = 0.9;
/// From this share of the strongest difference on, in percent, a pixel is ink. A thin ring is fainter than its letter.
const INK: i32 = 50;
const RING_INK: i32 = 30;
/// Letters of one line are about equally strong; what is fainter than this share of the strongest is anatomy.
const STRONG: f32 = 0.7;

/// Whether the box holds just one glyph, without a neighbour, or one in a ring.
pub(crate) fn is_lone(image: &Grey<'_>, line: &Line) -> bool {
    if line.width() > WIDEST * line.height() {
        return false;
    }
    let tall = TALL * line.height();
    let rim = Patch::around(image, line, RIM);
    let ground = rim.ground();
    let (glyphs, _) = rim.glyphs(ground, INK, tall);
    let ringed = || Patch::around(image, line, RING).glyphs(ground, RING_INK, tall) == (1, true);
    glyphs == 1 || ringed()
}

/// The grey values near a box.
struct Patch {
    width: usize,
    grey: Vec<u8>,
}

/// How far pixels differ from the ground, where that is much; else 0.
struct Ink {
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
    /// The box and what is around it, `margin` heights wide.
    fn around(image: &Grey<'_>, line: &Line, margin: f32) -> Self {
        let margin = 1.0 + margin * line.height();
        let span = |low: f32, high: f32, limit: usize| {
            let first = ((low - margin).max(0.0) as usize).min(limit - 1);
            first..((high + margin).ceil().max(0.0) as usize).clamp(first + 1, limit)
        };
        let columns = span(line.left, line.right, image.width);
        let rows = span(line.top, line.bottom, image.height);
        let width = columns.len();
        Self { width, grey: rows.flat_map(|y| image.row(y)[columns.clone()].iter().copied()).collect() }
    }

    /// The middle of the grey values along the border.
    fn ground(&self) -> i32 {
        let rows = self.grey.len() / self.width;
        let border = |at: &usize| {
            let (x, y) = (at % self.width, at / self.width);
            x == 0 || y == 0 || x + 1 == self.width || y + 1 == rows
        };
        let mut values: Vec<u8> = (0..self.grey.len()).filter(border).map(|at| self.grey[at]).collect();
        values.sort_unstable();
        values.get(values.len() / 2).map_or(0, |&value| i32::from(value))
    }

    fn ink(&self, ground: i32, least: i32) -> Ink {
        let differences = || self.grey.iter().map(|&p| i32::from(p) - ground);
        let (low, high) = (differences().min().unwrap_or(0), differences().max().unwrap_or(0));
        let sign = if high >= -low { 1 } else { -1 };
        let most = high.max(-low);
        let ink = differences().map(|d| if 100 * sign * d > least * most { sign * d } else { 0 }).collect();
        Ink { width: self.width, ink }
    }

    /// Separate pieces of strong ink of at least that height, and whether one of them goes around another. Such
    /// a ring is no glyph. A syllable of Hangul has several pieces: it is text even when it stands alone.
    fn glyphs(&self, ground: i32, least: i32, height: f32) -> (usize, bool) {
        let mut pieces = self.ink(ground, least).pieces();
        let strongest = pieces.iter().map(|piece| piece.strength).max().unwrap_or(0) as f32;
        pieces.retain(|piece| {
            let tall = (piece.bottom - piece.top) as f32 + 1.0 >= height;
            tall && piece.strength as f32 >= STRONG * strongest
        });
        let is_ring = |ring: &&Piece| pieces.iter().any(|piece| piece.is_within(ring));
        let rings = pieces.iter().filter(is_ring).count();
        (pieces.len() - rings, rings > 0)
    }
}

impl Ink {
    fn pieces(mut self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for start in 0..self.ink.len() {
            if self.ink[start] > 0 {
                pieces.push(self.take(start));
            }
        }
        pieces
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
    fn a_ring_may_be_wider_than_the_box() {
        let ring =
            ["..#####..", ".#.....#.", "#..#....#", "#..#....#", "#..###..#", ".#.....#.", "..#####.."];
        let (pixels, width, height, _) = picture(&ring, false);
        let image = Grey { width, height, pixels: &pixels };
        let letter = Line { left: 20.0, top: 16.0, right: 32.0, bottom: 28.0, confidence: 1.0 };
        assert!(is_lone(&image, &letter));
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
        let framed =
            ["#########", "#.......#", "#.#...#.#", "#.#...#.#", "#.###.#.#", "#.......#", "#########"];
        assert!(!lone(&framed), "two letters in a frame");
        assert!(!lone(&["##..#..##", "#.#.#.#.#", "##..#.#.#", "#.#.#.#.#", "#.#.#.##."]), "wide");
    }
}
