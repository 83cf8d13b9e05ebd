//! From cells to lines: neighbours that agree about the height of their line belong together.

use std::collections::HashMap;

use super::line::Line;

/// Best cells that a line's confidence is the mean of.
const WITNESSES: usize = 3;

/// A cell through which a line of text runs, with that line's edges in pixels of the level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cell {
    pub(crate) row: usize,
    pub(crate) column: usize,
    pub(crate) score: f32,
    /// Left, top, right, bottom.
    pub(crate) edges: [f32; 4],
}

impl Cell {
    fn height(&self) -> f32 {
        self.edges[3] - self.edges[1]
    }

    /// Whether both see the same line.
    fn agrees(&self, other: &Self) -> bool {
        let (low, high) = (self.height().min(other.height()), self.height().max(other.height()));
        let apart = (self.edges[1] + self.edges[3] - other.edges[1] - other.edges[3]).abs() / 2.0;
        apart < 0.4 * high && high < 1.8 * low.max(1.0)
    }
}

/// Lines of cells. The same cell may be given twice.
pub(crate) fn lines(cells: &[Cell]) -> Vec<Line> {
    let places: HashMap<(usize, usize), usize> =
        cells.iter().enumerate().map(|(index, cell)| ((cell.row, cell.column), index)).collect();
    let mut seen = vec![false; cells.len()];
    let mut lines = Vec::new();
    for first in 0..cells.len() {
        if places[&(cells[first].row, cells[first].column)] == first && !seen[first] {
            lines.push(line(&connected(first, cells, &places, &mut seen)));
        }
    }
    lines
}

fn connected(
    first: usize,
    cells: &[Cell],
    places: &HashMap<(usize, usize), usize>,
    seen: &mut [bool],
) -> Vec<Cell> {
    let mut members = Vec::new();
    let mut waiting = vec![first];
    seen[first] = true;
    while let Some(index) = waiting.pop() {
        let cell = cells[index];
        members.push(cell);
        for (row, column) in neighbours(&cell) {
            let Some(&other) = places.get(&(row, column)) else { continue };
            if !seen[other] && cell.agrees(&cells[other]) {
                seen[other] = true;
                waiting.push(other);
            }
        }
    }
    members
}

/// One row up and down, two columns to either side: a missing cell does not cut a line.
fn neighbours(cell: &Cell) -> impl Iterator<Item = (usize, usize)> + use<> {
    let (row, column) = (cell.row, cell.column);
    let rows = row.saturating_sub(1)..=row + 1;
    rows.flat_map(move |row| (column.saturating_sub(2)..=column + 2).map(move |column| (row, column)))
}

/// The box of one line: the outermost edges but for stray ones.
fn line(members: &[Cell]) -> Line {
    let edge = |side: usize, share: f32| {
        let mut places: Vec<f32> = members.iter().map(|cell| cell.edges[side]).collect();
        places.sort_by(f32::total_cmp);
        places[(share * (places.len() - 1) as f32).round() as usize]
    };
    let columns = members.iter().map(|cell| cell.column);
    let (first, last) = (columns.clone().min().unwrap_or(0), columns.max().unwrap_or(0));
    let outer = |side: usize, column: usize| {
        let ends = members.iter().filter(|cell| cell.column == column).map(|cell| cell.edges[side]);
        let count = ends.clone().count().max(1) as f32;
        ends.sum::<f32>() / count
    };
    let mut scores: Vec<f32> = members.iter().map(|cell| cell.score).collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    Line {
        left: outer(0, first),
        top: edge(1, 0.15),
        right: outer(2, last),
        bottom: edge(3, 0.85),
        confidence: scores.iter().take(WITNESSES).sum::<f32>() / WITNESSES as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(row: usize, column: usize, top: f32, bottom: f32) -> Cell {
        Cell { row, column, score: 0.9, edges: [8.0, top, 60.0, bottom] }
    }

    #[test]
    fn two_lines_one_under_the_other_stay_two() {
        let mut cells: Vec<Cell> = (2..14).map(|column| cell(2, column, 4.0, 14.0)).collect();
        cells.extend((2..14).map(|column| cell(3, column, 4.5, 13.5)));
        cells.extend((2..14).map(|column| cell(5, column, 17.0, 27.0)));
        cells.extend((2..14).map(|column| cell(4, column, 16.0, 27.0)));
        let mut found = lines(&cells);
        found.sort_by(|a, b| a.top.total_cmp(&b.top));
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].left, found[0].right, found[0].bottom), (8.0, 60.0, 14.0));
        assert!((found[1].confidence - 0.9).abs() < 1e-6);
    }

    #[test]
    fn a_gap_of_one_cell_does_not_cut_a_line_and_doubles_count_once() {
        let mut cells = vec![cell(0, 1, 0.0, 8.0), cell(0, 3, 0.0, 8.0), cell(0, 4, 0.0, 8.0)];
        cells.push(cells[0]);
        let found = lines(&cells);
        assert_eq!(found.len(), 1);
        assert!((found[0].confidence - 0.9).abs() < 1e-6);
        assert_eq!(lines(&[]), vec![]);
    }
}
