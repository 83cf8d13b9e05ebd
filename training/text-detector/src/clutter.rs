//! What is no text but has strokes: wires, catheters, electrodes, clips, screws, rulers, grids, grey scales, ribs.

use std::f32::consts::{PI, TAU};

use crate::{canvas::Canvas, chance::Chance};

/// A brush: grey value, whether it adds to what is there, and half its width.
#[derive(Clone, Copy)]
struct Brush {
    grey: f32,
    adds: bool,
    radius: f32,
    soft: f32,
}

impl Brush {
    fn by_chance(chance: &mut Chance) -> Self {
        let adds = chance.happens(0.5);
        let grey = if adds {
            chance.scale(12.0, 160.0) * if chance.happens(0.75) { 1.0 } else { -1.0 }
        } else if chance.happens(0.6) {
            255.0
        } else {
            chance.between(0.0, 255.0)
        };
        Self { grey, adds, radius: chance.scale(0.5, 4.0), soft: chance.scale(0.5, 2.0) }
    }

    fn dab(&self, canvas: &mut Canvas, x: isize, y: isize, distance: f32) {
        let share = ((self.radius - distance) / self.soft + 0.5).clamp(0.0, 1.0);
        if share > 0.0 && self.adds {
            canvas.add(x, y, self.grey * share);
        } else if share > 0.0 {
            canvas.mix(x, y, self.grey, share);
        }
    }

    /// A straight stroke. Pixels near it are touched once.
    fn stroke(&self, canvas: &mut Canvas, from: (f32, f32), to: (f32, f32)) {
        let reach = self.radius + self.soft + 1.0;
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length2 = (dx * dx + dy * dy).max(1e-6);
        let span = |a: f32, b: f32, limit: usize| {
            let low = (a.min(b) - reach).max(0.0) as isize;
            low..((a.max(b) + reach).min(limit as f32 - 1.0).max(-1.0) as isize + 1).max(low)
        };
        let columns = span(from.0, to.0, canvas.width);
        for y in span(from.1, to.1, canvas.height) {
            for x in columns.clone() {
                let (px, py) = (x as f32 - from.0, y as f32 - from.1);
                let t = ((px * dx + py * dy) / length2).clamp(0.0, 1.0);
                let distance = (px - t * dx).hypot(py - t * dy);
                if distance < reach {
                    self.dab(canvas, x, y, distance);
                }
            }
        }
    }

    /// A ring, or a disc when `filled`, perhaps oval.
    fn ring(&self, canvas: &mut Canvas, middle: (f32, f32), size: f32, oval: f32, filled: bool) {
        let reach = size * oval.max(1.0) + self.radius + self.soft + 1.0;
        let (x0, y0) = ((middle.0 - reach) as isize, (middle.1 - reach) as isize);
        let side = 2 * reach as isize + 2;
        for y in y0..y0 + side {
            for x in x0..x0 + side {
                let from = ((x as f32 - middle.0) / oval).hypot(y as f32 - middle.1) - size;
                self.dab(canvas, x, y, if filled { from.max(0.0) } else { from.abs() });
            }
        }
    }

    fn path(&self, canvas: &mut Canvas, points: &[(f32, f32)]) {
        for pair in points.windows(2) {
            self.stroke(canvas, pair[0], pair[1]);
        }
    }
}

/// Draws one thing.
pub fn draw(chance: &mut Chance, canvas: &mut Canvas) {
    let mut brush = Brush::by_chance(chance);
    let at = (chance.between(0.0, canvas.width as f32), chance.between(0.0, canvas.height as f32));
    match chance.whole(0, 15) {
        0..=2 => wire(chance, canvas, brush, at),
        3 => tube(chance, canvas, brush, at),
        4 => electrode(chance, canvas, brush, at),
        5 => clips(chance, canvas, brush, at),
        6 => screw(chance, canvas, brush, at),
        7 => ruler(chance, canvas, brush),
        8 => grid(chance, canvas, brush),
        9 => grey_scale(chance, canvas, at),
        10 => loops(chance, canvas, brush, at),
        11 => frame(chance, canvas, brush, at),
        12 => dots(chance, canvas, brush, at),
        13 => arrow(chance, canvas, brush, at),
        14 => ribs(chance, canvas),
        _ => {
            let (size, oval) = (chance.scale(2.0, 60.0), chance.scale(0.4, 2.5));
            let filled = chance.happens(0.5);
            brush.soft *= chance.scale(1.0, 4.0);
            brush.ring(canvas, at, size, oval, filled);
        }
    }
}

/// The ring of a side marker.
pub fn ring_around(chance: &mut Chance, canvas: &mut Canvas, area: &[f32; 4], grey: f32) {
    let middle = (0.5 * (area[0] + area[2]), 0.5 * (area[1] + area[3]));
    let (width, height) = (area[2] - area[0], area[3] - area[1]);
    let radius = chance.between(0.02, 0.08) * height;
    let brush = Brush { grey, adds: false, radius: radius.max(0.5), soft: 1.0 };
    let (size, oval) = (chance.between(0.65, 1.0) * width.max(height), chance.between(0.75, 1.1));
    brush.ring(canvas, middle, size, oval, false);
}

/// A smooth curve of random turns.
fn curve(chance: &mut Chance, at: (f32, f32), step: f32, count: usize, turn: f32) -> Vec<(f32, f32)> {
    let (mut x, mut y) = at;
    let mut heading = chance.between(0.0, TAU);
    let mut bend = 0.0;
    (0..count)
        .map(|_| {
            bend = 0.8 * bend + turn * chance.normal();
            heading += bend;
            x += step * heading.cos();
            y += step * heading.sin();
            (x, y)
        })
        .collect()
}

fn wire(chance: &mut Chance, canvas: &mut Canvas, brush: Brush, at: (f32, f32)) {
    let count = chance.whole(3, 40) as usize;
    let turn = chance.scale(0.005, 0.25);
    let points = curve(chance, at, 8.0, count, turn);
    brush.path(canvas, &points);
}

/// Two walls side by side, or a bright line within a faint band.
fn tube(chance: &mut Chance, canvas: &mut Canvas, brush: Brush, at: (f32, f32)) {
    let points = curve(chance, at, 8.0, 30, 0.05);
    let width = chance.scale(3.0, 14.0);
    let shifted: Vec<(f32, f32)> = points.iter().map(|p| (p.0 + width, p.1 + 0.3 * width)).collect();
    brush.path(canvas, &points);
    brush.path(canvas, &shifted);
}

fn electrode(chance: &mut Chance, canvas: &mut Canvas, brush: Brush, at: (f32, f32)) {
    let size = chance.scale(3.0, 25.0);
    brush.ring(canvas, at, size, 1.0, chance.happens(0.5));
    brush.ring(canvas, at, 0.4 * size, 1.0, true);
    let points = curve(chance, at, 8.0, 20, 0.05);
    brush.path(canvas, &points);
}

/// Short bars, alone or a few along a row.
fn clips(chance: &mut Chance, canvas: &mut Canvas, brush: Brush, at: (f32, f32)) {
    let length = chance.scale(4.0, 16.0);
    let gap = chance.scale(1.2, 4.0) * length;
    let lean = chance.between(0.0, PI);
    let heading = chance.between(0.0, TAU);
    for nth in 0..chance.whole(1, 7) {
        let reach = nth as f32 * gap;
        let (x, y) = (at.0 + reach * heading.cos(), at.1 + reach * heading.sin() + chance.normal());
        let lean = lean + 0.3 * chance.normal();
        let (dx, dy) = (0.5 * length * lean.cos(), 0.5 * length * lean.sin());
        brush.stroke(canvas, (x - dx, y - dy), (x + dx, y + dy));
    }
}

fn screw(chance: &mut Chance, canvas: &mut Canvas, brush: Brush, at: (f32, f32)) {
    let (pitch, width) = (chance.scale(1.5, 5.0), chance.scale(2.0, 8.0));
    let heading = chance.between(0.0, TAU);
    let (dx, dy) = (heading.cos(), heading.sin());
    let points: Vec<(f32, f32)> = (0..chance.whole(8, 24))
        .map(|nth| {
            let side = if nth % 2 == 0 { width } else { -width };
            let along = nth as f32 * pitch;
            (at.0 + along * dx - side * dy, at.1 + along * dy + side * dx)
        })
        .collect();
    brush.path(canvas, &points);
}

/// Ticks along a line, every fifth or tenth longer.
fn ruler(chance: &mut Chance, canvas: &mut Canvas, mut brush: Brush) {
    brush.radius = chance.between(0.4, 1.5);
    let upright = chance.happens(0.5);
    let (long, wide) = if upright { (canvas.height, canvas.width) } else { (canvas.width, canvas.height) };
    let base = chance.between(0.0, wide as f32);
    let (step, length) = (chance.scale(3.0, 24.0), chance.scale(3.0, 12.0));
    let (every, centred) = (*chance.pick(&[1, 2, 5, 10]), chance.happens(0.3));
    let point = |along: f32, across: f32| if upright { (across, along) } else { (along, across) };
    let (start, end) = (chance.between(0.0, 60.0), long as f32 - chance.between(0.0, 60.0));
    let mut nth = 0;
    while start + step * nth as f32 <= end {
        let along = start + step * nth as f32;
        let reach = if nth % every == 0 { length } else { 0.5 * length };
        let back = if centred { reach } else { 0.0 };
        brush.stroke(canvas, point(along, base - back), point(along, base + reach));
        nth += 1;
    }
    if chance.happens(0.6) {
        brush.stroke(canvas, point(start, base), point(end, base));
    }
}

fn grid(chance: &mut Chance, canvas: &mut Canvas, mut brush: Brush) {
    brush.radius = chance.between(0.3, 1.5);
    let step = chance.scale(4.0, 60.0);
    let (crossed, lean) = (chance.happens(0.6), chance.between(-0.05, 0.05));
    let (width, height) = (canvas.width as f32, canvas.height as f32);
    let start = chance.between(0.0, step);
    for nth in 0..(width.max(height) / step) as usize {
        let place = start + nth as f32 * step;
        brush.stroke(canvas, (place, 0.0), (place + lean * height, height));
        if crossed {
            brush.stroke(canvas, (0.0, place), (width, place - lean * width));
        }
    }
}

fn grey_scale(chance: &mut Chance, canvas: &mut Canvas, at: (f32, f32)) {
    let (size, steps) = (chance.scale(4.0, 24.0), chance.whole(3, 16));
    let (upright, thick) = (chance.happens(0.5), chance.scale(4.0, 24.0));
    for nth in 0..steps {
        let grey = 255.0 * nth as f32 / steps as f32;
        let (x, y) = if upright { (0.0, nth as f32 * size) } else { (nth as f32 * size, 0.0) };
        let (wide, high) = if upright { (thick, size) } else { (size, thick) };
        fill(canvas, at.0 + x, at.1 + y, wide, high, grey);
    }
}

fn fill(canvas: &mut Canvas, left: f32, top: f32, width: f32, height: f32, grey: f32) {
    for y in top as isize..(top + height) as isize {
        for x in left as isize..(left + width) as isize {
            canvas.mix(x, y, grey, 1.0);
        }
    }
}

/// Sternal wires and coils: overlapping loops in a column.
fn loops(chance: &mut Chance, canvas: &mut Canvas, brush: Brush, at: (f32, f32)) {
    let (size, step) = (chance.scale(3.0, 14.0), chance.scale(8.0, 60.0));
    for nth in 0..chance.whole(1, 5) {
        let middle = (at.0 + 2.0 * chance.normal(), at.1 + nth as f32 * step);
        let oval = chance.scale(0.6, 2.0);
        brush.ring(canvas, middle, size, oval, false);
        let twist = (middle.0 + size * chance.normal(), middle.1 + size * chance.normal());
        brush.stroke(canvas, middle, twist);
    }
}

fn frame(chance: &mut Chance, canvas: &mut Canvas, brush: Brush, at: (f32, f32)) {
    let (width, height) = (chance.scale(8.0, 120.0), chance.scale(8.0, 90.0));
    if chance.happens(0.4) {
        let grey = chance.between(0.0, 255.0);
        fill(canvas, at.0, at.1, width, height, grey);
    }
    let (right, bottom) = (at.0 + width, at.1 + height);
    brush.path(canvas, &[at, (right, at.1), (right, bottom), (at.0, bottom), at]);
}

/// Beads, calcified nodes, gas bubbles: scattered or on a row.
fn dots(chance: &mut Chance, canvas: &mut Canvas, brush: Brush, at: (f32, f32)) {
    let size = chance.scale(0.6, 5.0);
    let on_row = chance.happens(0.4);
    let spread = chance.scale(6.0, 40.0);
    for nth in 0..chance.whole(2, 14) {
        let middle = if on_row {
            (at.0 + nth as f32 * 4.0 * size, at.1)
        } else {
            (at.0 + spread * chance.normal(), at.1 + spread * chance.normal())
        };
        brush.ring(canvas, middle, size, chance.scale(0.7, 1.4), chance.happens(0.7));
    }
}

fn arrow(chance: &mut Chance, canvas: &mut Canvas, brush: Brush, at: (f32, f32)) {
    let (length, heading) = (chance.scale(10.0, 50.0), chance.between(0.0, TAU));
    let tip = (at.0 + length * heading.cos(), at.1 + length * heading.sin());
    brush.stroke(canvas, at, tip);
    for side in [-0.5, 0.5] {
        let back = heading + PI + side;
        brush.stroke(canvas, tip, (tip.0 + 0.4 * length * back.cos(), tip.1 + 0.4 * length * back.sin()));
    }
}

/// Broad soft bands side by side.
fn ribs(chance: &mut Chance, canvas: &mut Canvas) {
    let (step, wide) = (chance.scale(12.0, 60.0), chance.between(0.15, 0.35));
    let strength = chance.scale(10.0, 90.0);
    let brush = Brush { grey: strength, adds: true, radius: wide * step, soft: chance.scale(1.5, 8.0) };
    let (lean, bow) = (chance.between(-0.6, 0.6), chance.between(-0.004, 0.004));
    let width = canvas.width as f32;
    for nth in -3..(canvas.height as f32 / step) as i64 + 3 {
        let base = nth as f32 * step;
        let height = |x: f32| base + lean * x + bow * (x - 0.5 * width).powi(2);
        let steps: Vec<(f32, f32)> =
            (0..=12).map(|i| i as f32 * width / 12.0).map(|x| (x, height(x))).collect();
        for pair in steps.windows(2) {
            brush.stroke(canvas, pair[0], pair[1]);
        }
    }
}
