//! What text stands on: black borders, grey areas, invented chests, clouds of every fineness, collimated fields.

use sumgil_phantom::picture::{Picture, ct_slice, radiograph};

use crate::{canvas::Canvas, chance::Chance};

/// Invented pictures to cut pieces from.
pub struct Backgrounds {
    pictures: Vec<Picture>,
}

impl Backgrounds {
    /// Pictures of invented persons from number `first` on.
    pub fn new(first: u64) -> Self {
        let frontal = (first..first + 12).map(|seed| radiograph(seed, 640, 800, false));
        let lateral = (first..first + 4).map(|seed| radiograph(seed, 640, 800, true));
        let slices = (first..first + 8).map(|seed| ct_slice(seed, 320));
        Self { pictures: frontal.chain(lateral).chain(slices).collect() }
    }

    /// A background by chance.
    pub fn draw(&self, chance: &mut Chance, width: usize, height: usize) -> Canvas {
        let grey = if chance.happens(0.5) { 0.0 } else { chance.between(0.0, 255.0) };
        let mut canvas = match chance.whole(0, 9) {
            0..=1 => Canvas::flat(width, height, grey),
            2..=4 => self.piece(chance, width, height),
            5 => slope(chance, width, height),
            _ => clouds(chance, width, height),
        };
        if chance.happens(0.25) {
            collimate(chance, &mut canvas);
        }
        canvas
    }

    /// A piece of a picture at a zoom by chance.
    fn piece(&self, chance: &mut Chance, width: usize, height: usize) -> Canvas {
        let picture = chance.pick(&self.pictures);
        let most = (picture.columns as f32 / width as f32).min(picture.rows as f32 / height as f32);
        let zoom = chance.scale(0.3, most);
        let left = chance.between(0.0, picture.columns as f32 - zoom * width as f32);
        let top = chance.between(0.0, picture.rows as f32 - zoom * height as f32);
        let (low, high) = (chance.between(-40.0, 60.0), chance.between(150.0, 300.0));
        let mut canvas = Canvas::flat(width, height, 0.0);
        for (index, pixel) in canvas.grey.iter_mut().enumerate() {
            let (x, y) = (left + zoom * (index % width) as f32, top + zoom * (index / width) as f32);
            *pixel = low + (high - low) * sampled(picture, x, y) / 4095.0;
        }
        canvas
    }
}

fn sampled(picture: &Picture, x: f32, y: f32) -> f32 {
    let (left, top) = (x as usize, y as usize);
    let (fx, fy) = (x - left as f32, y - top as f32);
    let at = |x: usize, y: usize| {
        f32::from(picture.grey[y.min(picture.rows - 1) * picture.columns + x.min(picture.columns - 1)])
    };
    let upper = at(left, top) * (1.0 - fx) + at(left + 1, top) * fx;
    let lower = at(left, top + 1) * (1.0 - fx) + at(left + 1, top + 1) * fx;
    upper * (1.0 - fy) + lower * fy
}

fn slope(chance: &mut Chance, width: usize, height: usize) -> Canvas {
    let start = chance.between(0.0, 255.0);
    let (across, down) = (chance.between(-1.5, 1.5), chance.between(-1.5, 1.5));
    let mut canvas = Canvas::flat(width, height, start);
    for (index, pixel) in canvas.grey.iter_mut().enumerate() {
        *pixel += across * (index % width) as f32 + down * (index / width) as f32;
    }
    canvas
}

/// Sums of smooth noise, coarse to fine: like tissue, vessels, trabeculae, bowel gas.
fn clouds(chance: &mut Chance, width: usize, height: usize) -> Canvas {
    let mut canvas = Canvas::flat(width, height, chance.between(20.0, 235.0));
    let mut size = chance.scale(24.0, 96.0);
    let mut strength = chance.scale(10.0, 110.0);
    let decay = chance.between(0.35, 0.8);
    let ridged = chance.happens(0.3);
    while size > 2.0 && strength > 1.5 {
        octave(chance, &mut canvas, size, strength, ridged);
        size *= chance.between(0.4, 0.6);
        strength *= decay;
    }
    canvas
}

fn octave(chance: &mut Chance, canvas: &mut Canvas, size: f32, strength: f32, ridged: bool) {
    let stretch = chance.scale(0.5, 2.0);
    let (step_x, step_y) = (1.0 / (size * stretch), 1.0 / size);
    let columns = (canvas.width as f32 * step_x) as usize + 3;
    let rows = (canvas.height as f32 * step_y) as usize + 3;
    let knots: Vec<f32> = (0..columns * rows).map(|_| chance.normal()).collect();
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    for y in 0..canvas.height {
        let (row, fy) = ((y as f32 * step_y) as usize, ease((y as f32 * step_y).fract()));
        for x in 0..canvas.width {
            let (column, fx) = ((x as f32 * step_x) as usize, ease((x as f32 * step_x).fract()));
            let at = |dx: usize, dy: usize| knots[(row + dy) * columns + column + dx];
            let upper = at(0, 0) * (1.0 - fx) + at(1, 0) * fx;
            let lower = at(0, 1) * (1.0 - fx) + at(1, 1) * fx;
            let value = upper * (1.0 - fy) + lower * fy;
            let value = if ridged { 0.6 - 2.0 * value.abs() } else { value };
            canvas.grey[y * canvas.width + x] += strength * value;
        }
    }
}

/// Black or white beyond a straight edge, sometimes two.
fn collimate(chance: &mut Chance, canvas: &mut Canvas) {
    for _ in 0..chance.whole(1, 2) {
        let angle = chance.whole(0, 3) as f32 * std::f32::consts::FRAC_PI_2 + chance.between(-0.1, 0.1);
        let (dx, dy) = (angle.cos(), angle.sin());
        let (cx, cy) = (0.5 * canvas.width as f32, 0.5 * canvas.height as f32);
        let edge = chance.between(-0.1, 0.9) * (cx * dx.abs() + cy * dy.abs());
        let soft = chance.scale(0.5, 6.0);
        let beyond = if chance.happens(0.8) { 0.0 } else { chance.between(0.0, 255.0) };
        for index in 0..canvas.grey.len() {
            let (x, y) = ((index % canvas.width) as f32 - cx, (index / canvas.width) as f32 - cy);
            let share = ((x * dx + y * dy - edge) / soft + 0.5).clamp(0.0, 1.0);
            canvas.grey[index] += share * (beyond - canvas.grey[index]);
        }
    }
}
