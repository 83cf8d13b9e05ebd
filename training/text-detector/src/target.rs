//! What the network should say of each cell of a sample, and how wrong it is.

use sumgil_deid::pixels::detect::{CELL, HEADS, REACH};

use crate::sample::{Box4, Sample};

/// Heights of lines, in pixels, that the network has to find; up to the last it may.
const LEAST: f32 = 6.5;
const MOST: f32 = 20.0;
const MAY: f32 = 32.0;
/// Distances beyond are not told apart, in units of the network.
const FAR: f32 = 1.5;

/// What holds for a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Truth {
    Nothing,
    /// Not asked.
    Either,
    /// Distances to top, bottom, left, right.
    Text([f32; 4]),
}

/// A part of a sample, in cells.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub row: usize,
    pub column: usize,
    pub rows: usize,
    pub columns: usize,
}

/// The truth of each cell of a part.
pub fn truths(sample: &Sample, part: &Part) -> Vec<Truth> {
    let mut truths = vec![Truth::Nothing; part.rows * part.columns];
    for mark in &sample.marks {
        if (4.0..=MAY).contains(&(mark[3] - mark[1])) {
            each_inside(part, &grown(mark, 2.0), |index, _, _| truths[index] = Truth::Either);
        }
    }
    for line in &sample.lines {
        set_line(sample, part, line, &mut truths);
    }
    truths
}

fn set_line(sample: &Sample, part: &Part, line: &Box4, truths: &mut [Truth]) {
    let height = line[3] - line[1];
    if height > MAY {
        return;
    }
    let (width, tall) = (sample.picture.width as f32, sample.picture.height as f32);
    let seen = [line[0].max(0.0), line[1].max(0.0), line[2].min(width), line[3].min(tall)];
    each_inside(part, &grown(&seen, 3.0), |index, _, _| {
        if truths[index] == Truth::Nothing {
            truths[index] = Truth::Either;
        }
    });
    let seen_height = seen[3] - seen[1];
    if !(LEAST..=MOST).contains(&height) || seen_height < 5.0 || seen[2] - seen[0] < 5.0 {
        return;
    }
    let (middle, half) = (0.5 * (seen[1] + seen[3]), (0.3 * seen_height).max(2.1));
    let core = [seen[0] - 0.5, middle - half, seen[2] + 0.5, middle + half];
    each_inside(part, &core, |index, x, y| {
        let distances = [y - seen[1], seen[3] - y, x - seen[0], seen[2] - x];
        truths[index] = Truth::Text(distances.map(|d| (d / REACH).clamp(0.0, FAR)));
    });
}

fn grown(area: &Box4, by: f32) -> Box4 {
    [area[0] - by, area[1] - by, area[2] + by, area[3] + by]
}

/// Calls for each cell of the part whose middle is inside.
fn each_inside(part: &Part, area: &Box4, mut with: impl FnMut(usize, f32, f32)) {
    for row in 0..part.rows {
        let y = ((part.row + row) * CELL + CELL / 2) as f32 + 0.5;
        if y < area[1] || y > area[3] {
            continue;
        }
        for column in 0..part.columns {
            let x = ((part.column + column) * CELL + CELL / 2) as f32 + 0.5;
            if x >= area[0] && x <= area[2] {
                with(row * part.columns + column, x, y);
            }
        }
    }
}

/// Sums over a sample.
#[derive(Clone, Copy, Debug, Default)]
pub struct Loss {
    pub score: f32,
    pub edges: f32,
    pub text: usize,
}

/// How wrong what was said is, and its gradient. Cells that are right already count little.
pub fn loss(said: &[f32], truths: &[Truth]) -> (Loss, Vec<f32>) {
    let count = truths.len();
    let mut gradient = vec![0.0; HEADS * count];
    let mut loss = Loss::default();
    for (at, truth) in truths.iter().enumerate() {
        let wanted = match truth {
            Truth::Either => continue,
            Truth::Nothing => 0.0,
            Truth::Text(_) => 1.0,
        };
        let share = 1.0 / (1.0 + (-said[at]).exp());
        let off = (share - wanted).abs();
        loss.score -= off * (1.0 - off).max(1e-6).ln();
        gradient[at] = (share - wanted) * off.max(0.02);
        if let Truth::Text(distances) = truth {
            loss.text += 1;
            for (head, distance) in (1..HEADS).zip(distances) {
                let slope = slope(said[head * count + at], *distance, &mut loss);
                gradient[head * count + at] = slope;
            }
        }
    }
    (loss, gradient)
}

/// Round near the goal, straight further off.
fn slope(said: f32, wanted: f32, loss: &mut Loss) -> f32 {
    const ROUND: f32 = 0.1;
    let off = said - wanted;
    loss.edges += if off.abs() < ROUND { 0.5 * off * off / ROUND } else { off.abs() - 0.5 * ROUND };
    // Beyond what is told apart, more is no mistake.
    if wanted >= FAR && off > 0.0 { 0.0 } else { 0.3 * (off / ROUND).clamp(-1.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use sumgil_deid::pixels::detect::Plane;

    use super::*;

    #[test]
    fn the_middle_of_a_line_is_text_its_rim_either_and_a_headline_nothing() {
        let picture = Plane { width: 200, height: 200, pixels: vec![0; 40_000] };
        let lines = vec![[20.0, 40.0, 100.0, 52.0], [20.0, 100.0, 190.0, 160.0]];
        let sample = Sample { picture, lines, marks: vec![[150.0, 20.0, 160.0, 34.0]] };
        let part = Part { row: 0, column: 0, rows: 50, columns: 50 };
        let truths = truths(&sample, &part);
        let at = |x: usize, y: usize| truths[y / 4 * 50 + x / 4];
        assert!(matches!(at(60, 46), Truth::Text(_)));
        assert_eq!(at(60, 53), Truth::Either);
        assert_eq!(at(155, 27), Truth::Either);
        assert_eq!(at(60, 130), Truth::Nothing);
        let Truth::Text([top, bottom, left, right]) = at(24, 46) else { panic!("text") };
        assert!((16.0 * (top + bottom) - 12.0).abs() < 1e-3);
        assert!(16.0 * left < 8.0 && right == FAR);
    }
}
