//! The detector: every level of the pyramid, region by region.

use std::sync::LazyLock;

use super::{
    component::{self, Cell},
    contrast::{BLOCK, Contrast},
    grey::{Grey, Plane},
    line::Line,
    merge::{Sorted, merge, sort},
    network::{CELL, Network, REACH, lead},
    region::{Region, regions},
};

/// From this confidence on it is text: hide it.
pub const CERTAIN: f32 = 0.7;
/// From this confidence up to [`CERTAIN`] a person has to look. Nothing below is reported.
pub const POSSIBLE: f32 = 0.5;

/// A cell that scores less is no part of a line.
const CELL_SCORE: f32 = 0.4;
/// Levels of the pyramid at most. On a smaller level, in pixels, a line would fill the image.
const LEVELS: usize = 6;
const LEAST: [usize; 2] = [32, 32];
const LEAST_STRIP: [usize; 2] = [16, 64];
/// A line fills no more of an image's height, unless the image is this low, in pixels.
const HIGHEST: f32 = 0.5;
const LOW_IMAGE: f32 = 64.0;
/// What is only possible fills less: a whole chest, or wires over it, look a little like a line of script.
const DOUBTFUL_HIGHEST: f32 = 0.2;
const DOUBTFUL_LOW_IMAGE: f32 = 32.0;
/// Smaller images, in pixels, are looked at in double size too.
const SMALL: usize = 400 * 400;

static WEIGHTS: &[u8] = include_bytes!("weights.bin");

/// A line of text: a tight box in pixels of the image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// First column.
    pub x: u32,
    /// First row.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// 0 to 1; see [`CERTAIN`] and [`POSSIBLE`].
    pub confidence: f32,
}

/// Finds text.
pub struct Detector {
    network: Option<Network>,
}

impl Detector {
    /// With the weights that are part of the program.
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Detector> =
            LazyLock::new(|| Detector { network: Network::from_bytes(WEIGHTS).ok() });
        &SHIPPED
    }

    /// With other weights: for the program that makes them.
    pub fn with(network: Network) -> Self {
        Self { network: Some(network) }
    }

    /// The lines of text in an image, from the top. None in an image without pixels, or with fewer than its
    /// size says.
    pub fn find(&self, image: &Grey<'_>) -> Vec<Found> {
        let Some(network) = self.network.as_ref().filter(|_| image.is_whole()) else { return Vec::new() };
        let mut levels = Vec::new();
        if image.width.saturating_mul(image.height) <= SMALL {
            levels.push(level(network, &image.double().grey(), 0.5));
        }
        let mut scale = 1.0;
        let mut plane: Option<Plane> = None;
        for _ in 0..LEVELS {
            let grey = plane.as_ref().map_or(*image, Plane::grey);
            if plane.is_some() && is_too_small(&grey) {
                break;
            }
            levels.push(level(network, &grey, scale));
            plane = Some(grey.half());
            scale *= 2.0;
        }
        let lines = merge(levels).into_iter().filter(|line| line.confidence >= POSSIBLE);
        let mut found: Vec<Found> = lines.filter_map(|line| in_pixels(&line, image)).collect();
        found.sort_by_key(|found| (found.y, found.x));
        found
    }
}

fn is_too_small(grey: &Grey<'_>) -> bool {
    let (short, long) = (grey.width.min(grey.height), grey.width.max(grey.height));
    [LEAST, LEAST_STRIP].iter().all(|least| short < least[0] || long < least[1])
}

/// The lines of one level, in pixels of the image.
fn level(network: &Network, grey: &Grey<'_>, scale: f32) -> Sorted {
    let contrast = Contrast::of(grey);
    let mut cells = Vec::new();
    for region in regions(&contrast) {
        look(network, &contrast, grey, &region, &mut cells);
    }
    // Here, not at the end: a block that is dropped must not take the lines within it along.
    let highest = (HIGHEST * grey.height as f32).max(LOW_IMAGE / scale);
    let lines = component::lines(&cells).into_iter().filter(|line| line.height() <= highest);
    let mut sorted = sort(grey, lines.collect());
    let doubtful = (DOUBTFUL_HIGHEST * grey.height as f32).max(DOUBTFUL_LOW_IMAGE / scale);
    sorted.text.retain(|line| line.height() <= if line.confidence < CERTAIN { doubtful } else { highest });
    let scaled = |lines: Vec<Line>| lines.iter().map(|line| line.scaled(scale)).collect();
    Sorted { text: scaled(sorted.text), lone: scaled(sorted.lone) }
}

/// Adds the cells of one region that text runs through.
fn look(network: &Network, contrast: &Contrast, grey: &Grey<'_>, region: &Region, cells: &mut Vec<Cell>) {
    let (first_row, first_column) = (region.top * BLOCK / CELL, region.left * BLOCK / CELL);
    let extent = |first: usize, last: usize, axis: usize| (last - first) * BLOCK - CELL + 1 + 2 * lead(axis);
    let (height, width) = (extent(region.top, region.bottom, 0), extent(region.left, region.right, 1));
    let left = (first_column * CELL + CELL / 2) as isize - lead(1) as isize;
    let top = (first_row * CELL + CELL / 2) as isize - lead(0) as isize;
    let window = contrast.window(grey, left, top, width, height);
    let (said, rows, columns) = network.look(window, height, width);
    let count = rows * columns;
    let least = logit(CELL_SCORE);
    for at in (0..count).filter(|&at| said[at] >= least) {
        let (row, column) = (first_row + at / columns, first_column + at % columns);
        cells.push(cell(row, column, std::array::from_fn(|head| said[head * count + at])));
    }
}

fn logit(share: f32) -> f32 {
    (share / (1.0 - share)).ln()
}

fn cell(row: usize, column: usize, said: [f32; 5]) -> Cell {
    let (x, y) = ((column * CELL + CELL / 2) as f32 + 0.5, (row * CELL + CELL / 2) as f32 + 0.5);
    let [top, bottom, left, right] = [said[1], said[2], said[3], said[4]].map(|d| d.max(0.0) * REACH);
    let edges = [x - left, y - top, x + right, y + bottom];
    Cell { row, column, score: 1.0 / (1.0 + (-said[0]).exp()), edges }
}

/// Whole pixels inside the image.
fn in_pixels(line: &Line, image: &Grey<'_>) -> Option<Found> {
    let span = |low: f32, high: f32, limit: usize| {
        let first = low.floor().clamp(0.0, limit as f32) as u32;
        (first, (high.ceil().clamp(0.0, limit as f32) as u32).saturating_sub(first))
    };
    let (x, width) = span(line.left, line.right, image.width);
    let (y, height) = span(line.top, line.bottom, image.height);
    (width > 0 && height > 0).then_some(Found { x, y, width, height, confidence: line.confidence.min(1.0) })
}
