//! How many radiographs a second the text detector looks at, on one core:
//! `cargo run --release -p sumgil-deid --example text_speed`.
#![allow(clippy::print_stdout, reason = "a program for people")]

use std::time::{Duration, Instant};

use sumgil_deid::pixels::detect::{Detector, Grey};
use sumgil_phantom::picture::radiograph;
use sumgil_testkit::typeset::Typeface;

fn main() {
    for side in [1000, 2000, 3000] {
        let images: Vec<Vec<u8>> = (0..3).map(|seed| image(seed, side)).collect();
        let (mut looked, mut lines) = (0, 0);
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) {
            let pixels = &images[looked % images.len()];
            lines += Detector::shipped().find(&Grey { width: side, height: side, pixels }).len();
            looked += 1;
        }
        let rate = looked as f64 / begun.elapsed().as_secs_f64();
        println!(
            "{side} x {side}: {rate:.1} images a second, {:.1} lines each",
            lines as f64 / looked as f64
        );
    }
}

/// A radiograph with four lines of text.
fn image(seed: u64, side: usize) -> Vec<u8> {
    let picture = radiograph(seed, side, side, false);
    let mut pixels: Vec<u8> = picture.grey.iter().map(|&grey| (grey / 16) as u8).collect();
    let faces = Typeface::with("Kim019-");
    let Some(face) = faces.first() else { return pixels };
    for (nth, text) in ["Kim 19590101", "19-44021", "Kim Kim 19", "01-01-1959"].iter().enumerate() {
        let Some(ink) = face.draw(text, side as f32 / 50.0) else { continue };
        let (x, y) = (2 + nth % 2 * (side - ink.width - 4), 2 + nth / 2 * (side - ink.height - 4));
        for (index, &coverage) in ink.coverage.iter().enumerate() {
            let pixel = &mut pixels[(y + index / ink.width) * side + x + index % ink.width];
            *pixel = (*pixel).max(coverage);
        }
    }
    pixels
}
