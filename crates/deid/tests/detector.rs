//! The text detector through its public door: what is text is found, what is anatomy or a side marker is not.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail loudly, and say what they skip"
)]

use sumgil_deid::pixels::detect::{CERTAIN, Detector, Found, Grey, POSSIBLE, Plane};
use sumgil_phantom::picture::{ct_slice, radiograph};
use sumgil_testkit::typeset::{Ink, Typeface};

/// A radiograph of 8 bits.
fn chest(seed: u64, side: usize) -> Plane {
    let pixels = radiograph(seed, side, side, false).grey.iter().map(|grey| (grey / 16) as u8).collect();
    Plane { width: side, height: side, pixels }
}

fn black(width: usize, height: usize) -> Plane {
    Plane { width, height, pixels: vec![0; width * height] }
}

fn find(plane: &Plane) -> Vec<Found> {
    Detector::shipped().find(&plane.grey())
}

/// Mixes ink of one grey into a picture. Gives its box: left, top, right, bottom.
fn write(plane: &mut Plane, ink: &Ink, (left, top): (usize, usize), grey: u8) -> [usize; 4] {
    for (index, &coverage) in ink.coverage.iter().enumerate() {
        let (x, y) = (left + index % ink.width, top + index / ink.width);
        if x < plane.width && y < plane.height {
            let pixel = &mut plane.pixels[y * plane.width + x];
            let share = f32::from(coverage) / 255.0;
            *pixel = (f32::from(*pixel) * (1.0 - share) + f32::from(grey) * share) as u8;
        }
    }
    [left, top, (left + ink.width).min(plane.width), (top + ink.height).min(plane.height)]
}

/// Whether found boxes with a small margin cover a box but for a fiftieth.
fn covered(area: &[usize; 4], found: &[Found]) -> bool {
    let holds = |f: &Found, x: usize, y: usize| {
        let margin = 2 + f.height as usize / 8;
        let span =
            |low: u32, size: u32| (low as usize).saturating_sub(margin)..(low + size) as usize + margin;
        span(f.x, f.width).contains(&x) && span(f.y, f.height).contains(&y)
    };
    let places: Vec<(usize, usize)> =
        (area[1]..area[3]).flat_map(|y| (area[0]..area[2]).map(move |x| (x, y))).collect();
    let inside = places.iter().filter(|(x, y)| found.iter().any(|f| holds(f, *x, *y))).count();
    50 * (places.len() - inside) <= places.len()
}

/// Three fonts that have the characters, far apart in the list. None on a machine without fonts.
fn fonts(characters: &str) -> Vec<Typeface> {
    let all = Typeface::with(characters);
    if all.is_empty() {
        println!("skipped: no font on this machine has \"{characters}\"");
    }
    let step = all.len().div_ceil(3).max(1);
    all.into_iter().step_by(step).collect()
}

#[test]
fn names_and_numbers_of_every_size_are_found_in_black_borders() {
    for text in ["KIM GILDONG", "1959-03-14", "홍길동", "대학교병원", "放射線科"] {
        for face in fonts(text) {
            for height in [9.0, 13.0, 18.0, 27.0, 40.0, 60.0, 100.0] {
                let ink = face.draw(text, height).unwrap();
                let mut plane = black((ink.width + 90).max(256), 320);
                let area = write(&mut plane, &ink, (2, 2), 255);
                let found = find(&plane);
                assert!(covered(&area, &found), "{text} in {} at {height}: {found:?}", face.name());
                assert!(found.iter().any(|f| f.confidence >= CERTAIN), "{text} in {}", face.name());
            }
        }
    }
}

#[test]
fn text_over_anatomy_is_found_white_or_black_and_inverted() {
    let (mut of, mut missed) = (0, Vec::new());
    for face in fonts("PORTABLE 0123456789-:") {
        for (seed, height) in [(1, 10.0), (2, 16.0), (3, 24.0), (4, 48.0)] {
            let mut plane = chest(seed, 700);
            plane.pixels.iter_mut().for_each(|pixel| *pixel /= 2);
            let ink = face.draw("PORTABLE 10:45", height).unwrap();
            let area = write(&mut plane, &ink, (100, 340), 255);
            let mut inverted = plane.clone();
            inverted.pixels.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
            for (kind, plane) in [("plain", &plane), ("inverted", &inverted)] {
                of += 1;
                if !covered(&area, &find(plane)) {
                    missed.push(format!("{} {height} {kind}", face.name()));
                }
            }
        }
    }
    assert!(20 * missed.len() <= of, "{} of {of} missed: {missed:?}", missed.len());
}

#[test]
fn plain_anatomy_has_no_text() {
    for seed in 20..28 {
        for side in [256, 512, 1000] {
            assert_eq!(find(&chest(seed, side)), vec![], "radiograph {seed} of {side}");
        }
        let slice = ct_slice(seed, 256);
        let pixels: Vec<u8> = slice.grey.iter().map(|grey| (grey / 16) as u8).collect();
        let found = Detector::shipped().find(&Grey { width: 256, height: 256, pixels: &pixels });
        assert_eq!(found, vec![], "slice {seed}");
    }
}

#[test]
fn side_markers_stay_and_words_beside_them_do_not() {
    for face in fonts("RLPORTABLE") {
        for (marker, height) in [("R", 24.0), ("L", 40.0), ("R", 80.0)] {
            let mut plane = chest(7, 800);
            let ink = face.draw(marker, height).unwrap();
            write(&mut plane, &ink, (40, 60), 255);
            let found = find(&plane);
            assert_eq!(found, vec![], "{marker} of {height} in {}", face.name());
            let word = face.draw("PORTABLE", 16.0).unwrap();
            let area = write(&mut plane, &word, (40, 300), 255);
            let found = find(&plane);
            assert!(covered(&area, &found), "PORTABLE in {}", face.name());
            assert!(found.iter().all(|f| f.y > 200), "{marker} in {}: {found:?}", face.name());
        }
    }
}

#[test]
fn letters_of_dots_are_found_without_any_font() {
    // R, O, 1, 9 and 5 of five by seven dots.
    let glyphs = [
        [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001],
        [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
        [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
    ];
    for dot in [2, 3, 6] {
        let mut plane = black(600, 300);
        for (nth, glyph) in glyphs.iter().cycle().take(12).enumerate() {
            for (place, _) in (0..35).map(|p| (p, glyph[p / 5] >> (4 - p % 5) & 1)).filter(|(_, on)| *on == 1)
            {
                let (x, y) = (4 + (nth * 6 + place % 5) * dot, 5 + place / 5 * dot);
                for at in (0..dot * dot).map(|i| (y + i / dot) * 600 + x + i % dot) {
                    plane.pixels[at] = 255;
                }
            }
        }
        let found = find(&plane);
        assert!(covered(&[4, 5, 4 + 71 * dot, 5 + 7 * dot], &found), "dots of {dot}: {found:?}");
    }
}

#[test]
fn no_size_is_too_odd() {
    let all = [(0, 0), (0, 9), (1, 1), (1, 5000), (5000, 1), (3, 3), (2, 70_000), (65_535, 2), (17, 16)];
    for (width, height) in all {
        let noise = |i: usize| (i.wrapping_mul(2_654_435_761) >> 7) as u8;
        let pixels: Vec<u8> = (0..width * height).map(noise).collect();
        for found in Detector::shipped().find(&Grey { width, height, pixels: &pixels }) {
            assert!((found.x + found.width) as usize <= width && (found.y + found.height) as usize <= height);
            assert!((POSSIBLE..=1.0).contains(&found.confidence));
        }
    }
    let lying = Grey { width: usize::MAX, height: 4, pixels: &[0; 16] };
    assert_eq!(Detector::shipped().find(&lying), vec![]);
    assert_eq!(Detector::shipped().find(&Grey { width: 5, height: 4, pixels: &[0; 16] }), vec![]);
}

#[test]
fn the_same_image_gives_the_same_lines() {
    let mut plane = chest(11, 600);
    for face in fonts("Seoul 2031") {
        let ink = face.draw("Seoul 2031", 15.0).unwrap();
        write(&mut plane, &ink, (300, 4), 255);
    }
    assert_eq!(find(&plane), find(&plane.clone()));
}
