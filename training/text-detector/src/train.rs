//! Training: samples by number, gradients of a batch, Adam with a rate that falls to nothing.

use std::time::Instant;

use sumgil_deid::pixels::detect::{CELL, Contrast, lead};

use crate::{
    chance::Chance,
    layers::{Pass, parameters, start},
    sample::{Sample, Studio},
    target::{Loss, Part, loss, truths},
};

/// Size of a sample in pixels, and of the part that is looked at, in cells.
const WIDTH: usize = 232;
const HEIGHT: usize = 160;
const PART: (usize, usize) = (24, 34);
const BATCH: u64 = 16;

/// Adam.
struct Adam {
    mean: Vec<f32>,
    square: Vec<f32>,
    steps: i32,
}

impl Adam {
    fn new() -> Self {
        Self { mean: vec![0.0; parameters()], square: vec![0.0; parameters()], steps: 0 }
    }

    fn step(&mut self, numbers: &mut [f32], gradients: &[f32], rate: f32) {
        self.steps += 1;
        let (first, second) = (1.0 - 0.9_f32.powi(self.steps), 1.0 - 0.999_f32.powi(self.steps));
        for (index, &gradient) in gradients.iter().enumerate() {
            self.mean[index] += 0.1 * (gradient - self.mean[index]);
            self.square[index] += 0.001 * (gradient * gradient - self.square[index]);
            let by = self.mean[index] / first / ((self.square[index] / second).sqrt() + 1e-8);
            numbers[index] -= rate * (by + 1e-5 * numbers[index]);
        }
    }
}

/// A course of training.
#[derive(Clone, Copy, Debug)]
pub struct Course {
    /// Seed of the samples.
    pub seed: u64,
    /// Batches.
    pub steps: u64,
    /// Batches after which it ends, if that is sooner.
    pub until: u64,
    /// Highest rate of learning.
    pub rate: f32,
}

/// The weights at the end of a course. Starts from weights by chance unless some are given. `report` hears how
/// it goes and gets the weights of the moment.
pub fn train(
    course: Course,
    from: Option<Vec<f32>>,
    studio: &Studio,
    mut report: impl FnMut(&str, &[f32]),
) -> Vec<f32> {
    let Course { seed, steps, until, .. } = course;
    let mut numbers = from.unwrap_or_else(|| start(&mut Chance::new(seed, u64::MAX)));
    let mut adam = Adam::new();
    let (mut since, begun) = (Loss::default(), Instant::now());
    for step in 0..steps.min(until) {
        let mut gradients = vec![0.0; numbers.len()];
        let mut text = 0;
        for number in step * BATCH..(step + 1) * BATCH {
            let loss = learn(studio, &mut Chance::new(seed, number), &numbers, &mut gradients);
            text += loss.text;
            since.score += loss.score;
            since.edges += loss.edges;
            since.text += loss.text;
        }
        let share = 1.0 / (text as f32 + 100.0);
        gradients.iter_mut().for_each(|g| *g *= share);
        adam.step(&mut numbers, &gradients, rate(course.rate, step, steps));
        if (step + 1) % 250 == 0 || step + 1 == steps {
            let per = since.text.max(1) as f32;
            let line = format!(
                "step {} of {steps}: score {:.4} edges {:.4} after {:.0} s",
                step + 1,
                since.score / per,
                since.edges / per,
                begun.elapsed().as_secs_f32()
            );
            report(&line, &numbers);
            since = Loss::default();
        }
    }
    numbers
}

/// Rises for a while, then falls along half a cosine.
fn rate(highest: f32, step: u64, steps: u64) -> f32 {
    let rise = ((step + 1) as f32 / 200.0).min(1.0);
    let fall = 0.5 + 0.5 * (std::f32::consts::PI * step as f32 / steps as f32).cos();
    highest * rise * (0.01 + 0.99 * fall)
}

fn learn(studio: &Studio, chance: &mut Chance, numbers: &[f32], gradients: &mut [f32]) -> Loss {
    let sample = studio.sample(chance, WIDTH, HEIGHT);
    let part = Part {
        row: chance.whole(0, (HEIGHT / CELL - PART.0) as i64) as usize,
        column: chance.whole(0, (WIDTH / CELL - PART.1) as i64) as usize,
        rows: PART.0,
        columns: PART.1,
    };
    let (window, height, width) = window(&sample, &part);
    let pass = Pass::forward(numbers, &window, height, width);
    let (loss, gradient) = loss(pass.said().0, &truths(&sample, &part));
    pass.backward(numbers, gradient, gradients);
    loss
}

/// The pixels that the network needs for a part.
fn window(sample: &Sample, part: &Part) -> (Vec<f32>, usize, usize) {
    let grey = sample.picture.grey();
    let (height, width) =
        ((part.rows - 1) * CELL + 1 + 2 * lead(0), (part.columns - 1) * CELL + 1 + 2 * lead(1));
    let left = (part.column * CELL + CELL / 2) as isize - lead(1) as isize;
    let top = (part.row * CELL + CELL / 2) as isize - lead(0) as isize;
    (Contrast::of(&grey).window(&grey, left, top, width, height), height, width)
}
