//! Measuring: what is found of rendered text, by height, script and contrast, and what is found where nothing is.

use std::{collections::BTreeMap, path::Path, time::Instant};

use anyhow::{Context, Result};
use image::GrayImage;
use sumgil_deid::pixels::detect::{CERTAIN, Detector, Found, Grey, Plane};
use sumgil_phantom::picture::radiograph;

use crate::{
    canvas::Canvas,
    chance::Chance,
    faces::Faces,
    sample::compressed,
    words::{self, Script},
};

/// Lines found of lines there.
#[derive(Clone, Copy, Default)]
struct Tally {
    certain: usize,
    possible: usize,
    of: usize,
}

impl Tally {
    fn text(&self) -> String {
        let share = |n: usize| 100.0 * n as f32 / self.of.max(1) as f32;
        format!(
            "{:5} lines: certain {:6.2} %, certain or possible {:6.2} %",
            self.of,
            share(self.certain),
            share(self.possible)
        )
    }
}

/// One line that was drawn.
struct Drawn {
    area: [f32; 4],
    labels: [String; 5],
}

/// Draws text of held-out fonts on invented radiographs that training never saw, and counts.
pub fn rendered(
    detector: &Detector,
    faces: &Faces,
    seed: u64,
    images: u64,
    missed: Option<&Path>,
) -> Result<()> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    let (mut false_boxes, mut plain_boxes, mut seconds) = (0, 0, 0.0);
    for number in 0..images {
        let mut chance = Chance::new(seed, number);
        let mut canvas = ground(&mut chance, 50_000 + number);
        let drawn_on = canvas.plane();
        plain_boxes += detector.find(&drawn_on.grey()).len();
        let drawn = write(&mut chance, faces, &mut canvas);
        let mut plane = canvas.plane();
        if chance.happens(0.4) {
            let quality = chance.whole(40, 95) as u8;
            plane = compressed(&plane, quality).unwrap_or(plane);
        }
        let begun = Instant::now();
        let found = detector.find(&plane.grey());
        seconds += begun.elapsed().as_secs_f32();
        false_boxes += found.iter().filter(|f| drawn.iter().all(|d| covered(&d.area, &[**f]) < 0.05)).count();
        for line in &drawn {
            count(line, &found, &mut tallies);
            let lost = covered(&line.area, &found) < 0.98;
            if let Some(folder) = missed.filter(|_| lost) {
                keep_missed(folder, number, line, &plane, &found)?;
            }
        }
    }
    for (label, tally) in &tallies {
        println!("{label:24} {}", tally.text());
    }
    println!("boxes without text: {false_boxes}; on the {images} images before writing: {plain_boxes}");
    println!("{:.1} images a second", images as f32 / seconds);
    Ok(())
}

fn count(line: &Drawn, found: &[Found], tallies: &mut BTreeMap<String, Tally>) {
    let certain: Vec<Found> = found.iter().copied().filter(|f| f.confidence >= CERTAIN).collect();
    for label in ["all".to_owned()].iter().chain(&line.labels) {
        let tally = tallies.entry(label.clone()).or_default();
        tally.of += 1;
        tally.certain += usize::from(covered(&line.area, &certain) >= 0.98);
        tally.possible += usize::from(covered(&line.area, found) >= 0.98);
    }
}

/// A radiograph of a size by chance.
fn ground(chance: &mut Chance, person: u64) -> Canvas {
    let (width, height) = (chance.scale(400.0, 1600.0) as usize, chance.scale(400.0, 1600.0) as usize);
    let picture = radiograph(person, width, height, chance.happens(0.2));
    let grey = picture.grey.iter().map(|&v| f32::from(v) / 16.0).collect();
    let mut canvas = Canvas { width, height, grey };
    if chance.happens(0.4) {
        let deviation = chance.scale(1.0, 8.0);
        canvas.grain(chance, deviation);
    }
    canvas
}

fn write(chance: &mut Chance, faces: &Faces, canvas: &mut Canvas) -> Vec<Drawn> {
    let mut drawn: Vec<Drawn> = Vec::new();
    for _ in 0..12 {
        let script = if chance.happens(0.7) {
            *chance.pick(&[Script::Latin, Script::Hangul])
        } else {
            *chance.pick(&Script::ALL)
        };
        let height = chance.scale(8.0, 100.0);
        let Some(face) = faces.pick(chance, script) else { continue };
        let text: String = words::line(chance, script, true)
            .chars()
            .filter(|&c| c.is_whitespace() || face.shows(c))
            .collect();
        let Some(ink) = face.draw(&text, height) else { continue };
        if ink.width + 4 > canvas.width
            || ink.height + 4 > canvas.height
            || text.chars().filter(|c| !c.is_whitespace()).count() < 2
        {
            continue;
        }
        let x = place(chance, canvas.width - ink.width);
        let y = place(chance, canvas.height - ink.height);
        let area = [x as f32, y as f32, (x + ink.width) as f32, (y + ink.height) as f32];
        let near = |d: &Drawn| {
            area[0] - 8.0 < d.area[2]
                && d.area[0] - 8.0 < area[2]
                && area[1] - 8.0 < d.area[3]
                && d.area[1] - 8.0 < area[3]
        };
        if drawn.iter().any(near) {
            continue;
        }
        let (mean, spread) = canvas.look(x as isize, y as isize, area[2] as isize, area[3] as isize);
        let contrast = contrast(chance, mean, spread);
        if !is_visible(canvas, &area, mean + contrast) {
            continue;
        }
        for (index, &coverage) in ink.coverage.iter().enumerate() {
            let (dx, dy) = ((index % ink.width) as isize, (index / ink.width) as isize);
            canvas.mix(x as isize + dx, y as isize + dy, mean + contrast, f32::from(coverage) / 255.0);
        }
        let letters = text.chars().filter(|c| !c.is_whitespace()).count();
        let labels = [
            format!("script {}", script.name()),
            format!("height {}", band(ink.height as f32, &[9.0, 12.0, 16.0, 24.0, 40.0, 64.0, 101.0])),
            format!("contrast {}", band(contrast.abs(), &[40.0, 60.0, 90.0, 130.0, 256.0])),
            format!("9 px or more: {}", ink.height >= 9),
            format!("{} letters", if letters < 4 { "2 or 3" } else { "4 or more" }),
        ];
        drawn.push(Drawn { area, labels });
    }
    drawn
}

/// Whether every piece of the ground, as wide as the line is high, differs from the text.
fn is_visible(canvas: &Canvas, area: &[f32; 4], grey: f32) -> bool {
    let step = (area[3] - area[1]).max(8.0) as usize;
    (area[0] as isize..area[2] as isize).step_by(step).all(|left| {
        let right = left + step as isize;
        let (mean, spread) = canvas.look(left, area[1] as isize, right, area[3] as isize);
        (mean - grey).abs() >= 25.0 + 2.0 * spread
    })
}

/// Often right at the border.
fn place(chance: &mut Chance, free: usize) -> usize {
    match chance.whole(0, 3) {
        0 => 2.min(free),
        1 => free.saturating_sub(2),
        _ => chance.whole(0, free as i64) as usize,
    }
}

/// Difference to the ground: full, or faint; at least 30 levels and twice the ground's spread.
fn contrast(chance: &mut Chance, mean: f32, spread: f32) -> f32 {
    let up = mean < 127.0;
    let most = if up { 255.0 - mean } else { mean };
    let least = (30.0 + 2.0 * spread).min(most);
    let by = if chance.happens(0.6) { most } else { chance.scale(least, most) };
    if up { by } else { -by }
}

fn band(value: f32, limits: &[f32]) -> String {
    let above = limits.iter().position(|&limit| value < limit).unwrap_or(limits.len());
    let low = if above == 0 { 0.0 } else { limits[above - 1] };
    format!("{low:>3} to {}", limits.get(above).map_or("more".to_owned(), |limit| format!("{limit}")))
}

/// Share of a box that lies within found ones, with the margin that a caller adds.
fn covered(area: &[f32; 4], found: &[Found]) -> f32 {
    let (mut inside, mut all) = (0, 0);
    for y in (area[1] as i64..area[3] as i64).step_by(2) {
        for x in (area[0] as i64..area[2] as i64).step_by(2) {
            all += 1;
            inside += i32::from(found.iter().any(|f| holds(f, x, y)));
        }
    }
    inside as f32 / all.max(1) as f32
}

fn holds(found: &Found, x: i64, y: i64) -> bool {
    let margin = 2 + i64::from(found.height) / 8;
    let span = |low: u32, size: u32| i64::from(low) - margin..i64::from(low + size) + margin;
    span(found.x, found.width).contains(&x) && span(found.y, found.height).contains(&y)
}

fn keep_missed(folder: &Path, number: u64, line: &Drawn, plane: &Plane, found: &[Found]) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let name = format!("{number:04}_{}_{}.png", line.area[0], line.area[1]);
    save(&cut(plane, &line.area, 40, found), &[], &folder.join(name))
}

/// A piece of an image with found boxes drawn.
fn cut(plane: &Plane, area: &[f32; 4], margin: usize, found: &[Found]) -> Plane {
    let left = (area[0] as usize).saturating_sub(margin);
    let top = (area[1] as usize).saturating_sub(margin);
    let right = (area[2] as usize + margin).min(plane.width);
    let bottom = (area[3] as usize + margin).min(plane.height);
    let framed = framed(plane, found);
    let pixels = (top..bottom)
        .flat_map(|y| framed.pixels[y * plane.width + left..y * plane.width + right].to_vec())
        .collect();
    Plane { width: right - left, height: bottom - top, pixels }
}

fn framed(plane: &Plane, found: &[Found]) -> Plane {
    let mut plane = plane.clone();
    for f in found {
        let (left, top) = (f.x as usize, f.y as usize);
        let right = (left + f.width as usize).min(plane.width) - 1;
        let bottom = (top + f.height as usize).min(plane.height) - 1;
        for x in left..=right {
            plane.pixels[top * plane.width + x] = 200;
            plane.pixels[bottom * plane.width + x] = 200;
        }
        for y in top..=bottom {
            plane.pixels[y * plane.width + left] = 200;
            plane.pixels[y * plane.width + right] = 200;
        }
    }
    plane
}

/// Writes a picture, boxes framed.
pub fn save(plane: &Plane, found: &[Found], path: &Path) -> Result<()> {
    let plane = framed(plane, found);
    let picture = GrayImage::from_raw(plane.width as u32, plane.height as u32, plane.pixels);
    picture.context("sizes agree")?.save(path).with_context(|| format!("{}", path.display()))
}

/// Finds text in all images of a folder.
pub fn folder(detector: &Detector, folder: &Path, crops: Option<&Path>) -> Result<()> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let (mut images, mut with_any, mut with_certain, mut seconds) = (0, 0, 0, 0.0);
    for path in paths {
        let Ok(picture) = image::open(&path) else { continue };
        let picture = picture.to_luma8();
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let begun = Instant::now();
        let found = detector.find(&Grey { width, height, pixels: picture.as_raw() });
        seconds += begun.elapsed().as_secs_f32();
        images += 1;
        with_any += usize::from(!found.is_empty());
        with_certain += usize::from(found.iter().any(|f| f.confidence >= CERTAIN));
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for (nth, f) in found.iter().enumerate() {
            println!("{name},{nth},{},{},{},{},{:.3}", f.x, f.y, f.width, f.height, f.confidence);
        }
        if let Some(crops) = crops {
            std::fs::create_dir_all(crops)?;
            let plane = Plane { width, height, pixels: picture.into_raw() };
            for (nth, f) in found.iter().enumerate() {
                let area = [f.x as f32, f.y as f32, (f.x + f.width) as f32, (f.y + f.height) as f32];
                save(&cut(&plane, &area, 24, &[]), &[], &crops.join(format!("{name}_{nth}.png")))?;
            }
        }
    }
    println!("{images} images, {with_any} with a box, {with_certain} with a certain one");
    println!("{:.1} images a second", images as f32 / seconds);
    Ok(())
}
