//! Aligned columns, numbers to the right.

use super::lines::{HEADER, Line, lines};
use crate::Statistic;

const TO_THE_RIGHT: [bool; 7] = [false, false, true, true, false, false, true];
const FOOTNOTE: &str = "In brackets: 95 % interval (Wilson). `of` counts those for whom the answer is known; `missing` the others.\n";

pub(super) fn table(statistics: &[Statistic]) -> String {
    let mut all: Vec<Line> = vec![HEADER.map(str::to_owned)];
    all.extend(statistics.iter().flat_map(lines));
    let widths: Vec<usize> = (0..HEADER.len())
        .map(|column| all.iter().map(|line| width(&line[column])).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for line in &all {
        let cells: Vec<String> = line
            .iter()
            .enumerate()
            .map(|(column, cell)| pad(cell, widths[column], TO_THE_RIGHT[column]))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text.push_str(FOOTNOTE);
    text
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}

fn pad(cell: &str, wanted: usize, to_the_right: bool) -> String {
    let space = " ".repeat(wanted.saturating_sub(width(cell)));
    if to_the_right { space + cell } else { cell.to_owned() + &space }
}
