//! A Markdown table.

use super::lines::{HEADER, Line, lines};
use crate::Statistic;

pub(super) fn markdown(statistics: &[Statistic]) -> String {
    let mut text = row(&HEADER.map(str::to_owned));
    text.push_str("|---|---|---:|---:|---|---|---:|\n");
    for line in statistics.iter().flat_map(lines) {
        text.push_str(&row(&line));
    }
    text
}

fn row(line: &Line) -> String {
    let cells: Vec<String> = line.iter().map(|cell| cell.trim().replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}
