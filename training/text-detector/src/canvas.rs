//! A picture being made: grey values as numbers from 0 (black) to 255, not yet rounded.

use sumgil_deid::pixels::detect::Plane;

use crate::chance::Chance;

/// A picture being made.
#[derive(Clone)]
pub struct Canvas {
    pub width: usize,
    pub height: usize,
    pub grey: Vec<f32>,
}

impl Canvas {
    /// All of one grey.
    pub fn flat(width: usize, height: usize, grey: f32) -> Self {
        Self { width, height, grey: vec![grey; width * height] }
    }

    /// Mixes `grey` into a pixel; outside nothing happens.
    pub fn mix(&mut self, x: isize, y: isize, grey: f32, share: f32) {
        let inside = |at: isize, limit: usize| usize::try_from(at).ok().filter(|&at| at < limit);
        if let (Some(x), Some(y)) = (inside(x, self.width), inside(y, self.height)) {
            let pixel = &mut self.grey[y * self.width + x];
            *pixel += share.clamp(0.0, 1.0) * (grey - *pixel);
        }
    }

    /// Adds to a pixel instead, as metal in the beam does.
    pub fn add(&mut self, x: isize, y: isize, grey: f32) {
        let inside = |at: isize, limit: usize| usize::try_from(at).ok().filter(|&at| at < limit);
        if let (Some(x), Some(y)) = (inside(x, self.width), inside(y, self.height)) {
            self.grey[y * self.width + x] += grey;
        }
    }

    /// Mean and standard deviation within a box.
    pub fn look(&self, left: isize, top: isize, right: isize, bottom: isize) -> (f32, f32) {
        let span = |low: isize, high: isize, limit: usize| {
            low.clamp(0, limit as isize) as usize..high.clamp(0, limit as isize) as usize
        };
        let columns = span(left, right, self.width);
        let values: Vec<f32> = span(top, bottom, self.height)
            .flat_map(|y| columns.clone().map(move |x| (x, y)))
            .map(|(x, y)| self.grey[y * self.width + x])
            .collect();
        let count = values.len().max(1) as f32;
        let mean = values.iter().sum::<f32>() / count;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / count;
        (mean, variance.sqrt())
    }

    /// Smooths with weights 1, `middle`, 1 in both directions.
    pub fn smooth(&mut self, middle: f32) {
        let norm = 1.0 / (2.0 + middle);
        let (width, height) = (self.width, self.height);
        let pass = |from: &[f32], step: usize, at: &dyn Fn(usize) -> usize, count: usize| -> Vec<f32> {
            (0..from.len())
                .map(|i| {
                    let before = if at(i) > 0 { from[i - step] } else { from[i] };
                    let after = if at(i) + 1 < count { from[i + step] } else { from[i] };
                    (before + middle * from[i] + after) * norm
                })
                .collect()
        };
        let across = pass(&self.grey, 1, &|i| i % width, width);
        self.grey = pass(&across, width, &|i| i / width, height);
    }

    /// Adds grain of a standard deviation.
    pub fn grain(&mut self, chance: &mut Chance, deviation: f32) {
        for pixel in &mut self.grey {
            *pixel += deviation * chance.normal();
        }
    }

    /// Rounded to 8 bits.
    pub fn plane(&self) -> Plane {
        let pixels = self.grey.iter().map(|&v| v.clamp(0.0, 255.0).round() as u8).collect();
        Plane { width: self.width, height: self.height, pixels }
    }
}
