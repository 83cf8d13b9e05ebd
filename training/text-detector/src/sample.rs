//! One sample: a picture, the lines of text on it, and the places that nobody is asked about.

use std::io::Cursor;

use image::{ImageFormat, codecs::jpeg::JpegEncoder};
use sumgil_deid::pixels::detect::Plane;
use sumgil_testkit::typeset::Ink;

use crate::{
    background::Backgrounds,
    canvas::Canvas,
    chance::Chance,
    clutter,
    faces::Faces,
    words::{self, Script},
};

/// Left, top, right, bottom in pixels; the last two lie outside.
pub type Box4 = [f32; 4];

/// A picture with what is known about it.
pub struct Sample {
    pub picture: Plane,
    /// Lines of text.
    pub lines: Vec<Box4>,
    /// Lone marks.
    pub marks: Vec<Box4>,
}

/// What samples are made from.
pub struct Studio {
    pub faces: Faces,
    pub backgrounds: Backgrounds,
    /// Share of lines that have only two or three letters; then letters may be set wide, those that a font lacks
    /// are left out, side markers have rings and grain is stronger. Without, samples are plain.
    pub short: Option<f32>,
}

/// Height of a line's ink by chance, in pixels: mostly what one level of the pyramid sees, sometimes larger.
fn line_height(chance: &mut Chance) -> f32 {
    if chance.happens(0.1) { chance.scale(24.0, 110.0) } else { chance.scale(6.0, 24.0) }
}

fn script(chance: &mut Chance) -> Script {
    match chance.whole(0, 19) {
        0..=9 => Script::Latin,
        10..=14 => Script::Hangul,
        15..=16 => Script::Han,
        17 => Script::Kana,
        _ => *chance.pick(&Script::ALL),
    }
}

impl Studio {
    /// The picture of `chance`.
    pub fn sample(&self, chance: &mut Chance, width: usize, height: usize) -> Sample {
        let mut canvas = self.backgrounds.draw(chance, width, height);
        if chance.happens(0.65) {
            for _ in 0..chance.whole(1, 6) {
                clutter::draw(chance, &mut canvas);
            }
        }
        if chance.happens(0.6) {
            let strong = self.short.is_some() && chance.happens(0.1);
            let deviation = if strong { chance.scale(8.0, 40.0) } else { chance.scale(0.5, 12.0) };
            canvas.grain(chance, deviation);
            if chance.happens(0.4) {
                canvas.smooth(1.0);
            }
        }
        let mut sample = Sample { picture: canvas.plane(), lines: Vec::new(), marks: Vec::new() };
        self.write(chance, &mut canvas, &mut sample);
        sample.picture = developed(chance, canvas);
        sample
    }

    fn write(&self, chance: &mut Chance, canvas: &mut Canvas, sample: &mut Sample) {
        if chance.happens(0.25) {
            self.mark(chance, canvas, sample);
        }
        if chance.happens(0.3) {
            return;
        }
        let block = chance.happens(0.5);
        let (size, style) = (line_height(chance), Style::by_chance(chance));
        let mut at = (chance.between(-8.0, 0.6 * canvas.width as f32), chance.between(-4.0, 40.0));
        for _ in 0..chance.whole(1, 7) {
            let height = if block { size } else { line_height(chance) };
            let script = script(chance);
            let Some(ink) = self.ink(chance, script, height) else { continue };
            if !block {
                at = place(chance, canvas, &ink);
            }
            let own = if block { style } else { Style::by_chance(chance) };
            if put(chance, canvas, &ink, at, own, sample) {
                sample.lines.push(bounds(&ink, at));
            }
            at.1 += ink.height as f32 + height * chance.between(0.25, 0.9);
        }
    }

    fn ink(&self, chance: &mut Chance, script: Script, height: f32) -> Option<Ink> {
        let Some(short) = self.short else {
            let text = words::line(chance, script, false);
            return self.faces.draw(chance, script, &text, height);
        };
        let text = if chance.happens(short) {
            words::short(chance, script)
        } else {
            words::line(chance, script, true)
        };
        let face = self.faces.pick(chance, script)?;
        let shown: String = text.chars().filter(|&c| c.is_whitespace() || face.shows(c)).collect();
        let letters = shown.chars().filter(|c| !c.is_whitespace()).count();
        let enough = letters > 1 || (letters == 1 && script == Script::Hangul);
        enough.then(|| face.draw(shown.trim(), height)).flatten()
    }

    /// A side marker, often in a ring.
    fn mark(&self, chance: &mut Chance, canvas: &mut Canvas, sample: &mut Sample) {
        let (text, height) = (words::single(chance), chance.scale(8.0, 90.0));
        let Some(ink) = self.faces.draw(chance, Script::Latin, &text, height) else { return };
        let at = place(chance, canvas, &ink);
        let style = Style::by_chance(chance);
        if put(chance, canvas, &ink, at, style, sample) {
            let area = bounds(&ink, at);
            if self.short.is_some() && chance.happens(0.4) {
                clutter::ring_around(chance, canvas, &area, style.grey);
            }
            sample.marks.push(area);
        }
    }
}

fn place(chance: &mut Chance, canvas: &Canvas, ink: &Ink) -> (f32, f32) {
    let (free_x, free_y) = (canvas.width as f32 - ink.width as f32, canvas.height as f32 - ink.height as f32);
    let span = |chance: &mut Chance, free: f32| chance.between(free.min(0.0) - 6.0, free.max(0.0) + 6.0);
    (span(chance, free_x).round(), span(chance, free_y).round())
}

fn bounds(ink: &Ink, at: (f32, f32)) -> Box4 {
    let (left, top) = (at.0.round(), at.1.round());
    [left, top, left + ink.width as f32, top + ink.height as f32]
}

/// How text is put on a picture.
#[derive(Clone, Copy)]
struct Style {
    grey: f32,
    hard: bool,
    outlined: bool,
    on_plate: bool,
    faint: bool,
}

impl Style {
    fn by_chance(chance: &mut Chance) -> Self {
        let grey = match chance.whole(0, 9) {
            0..=5 => 255.0,
            6..=7 => 0.0,
            _ => chance.between(0.0, 255.0),
        };
        Self {
            grey,
            hard: chance.happens(0.25),
            outlined: chance.happens(0.12),
            on_plate: chance.happens(0.08),
            faint: chance.happens(0.35),
        }
    }
}

/// Draws ink unless it would touch what stands there already. Text must differ from its ground.
fn put(
    chance: &mut Chance,
    canvas: &mut Canvas,
    ink: &Ink,
    at: (f32, f32),
    style: Style,
    sample: &Sample,
) -> bool {
    let own = bounds(ink, at);
    let near = |other: &Box4| {
        own[0] - 4.0 < other[2]
            && other[0] - 4.0 < own[2]
            && own[1] - 2.0 < other[3]
            && other[1] - 2.0 < own[3]
    };
    let outside = own[2] < 4.0
        || own[3] < 4.0
        || own[0] > canvas.width as f32 - 4.0
        || own[1] > canvas.height as f32 - 4.0;
    if outside || sample.lines.iter().chain(&sample.marks).any(near) {
        return false;
    }
    let (left, top) = (own[0] as isize, own[1] as isize);
    let (right, bottom) = (own[2] as isize, own[3] as isize);
    let (mut ground, spread) = canvas.look(left - 3, top - 3, right + 3, bottom + 3);
    if style.on_plate {
        ground = if style.grey > 127.0 { 0.0 } else { 255.0 };
        for y in top - 2..bottom + 2 {
            for x in left - 2..right + 2 {
                canvas.mix(x, y, ground, 1.0);
            }
        }
    }
    let grey = visible(chance, style, ground.clamp(0.0, 255.0), spread.min(100.0));
    if style.outlined {
        let rim = if grey > ground { 0.0 } else { 255.0 };
        stamp(canvas, ink, left, top, rim, true, 1);
    }
    stamp(canvas, ink, left, top, grey, style.hard, 0);
    true
}

/// A grey that can be told from the ground: faint text differs by 25 levels or twice the ground's own spread.
fn visible(chance: &mut Chance, style: Style, ground: f32, spread: f32) -> f32 {
    let least = 25.0 + 2.0 * spread;
    let up = ground < 127.0;
    if style.faint {
        let most = (if up { 255.0 - ground } else { ground }).max(least + 1.0);
        let by = chance.scale(least, most);
        return (if up { ground + by } else { ground - by }).clamp(0.0, 255.0);
    }
    match (style.grey - ground).abs() >= least + 25.0 {
        true => style.grey,
        false if up => 255.0,
        false => 0.0,
    }
}

fn stamp(canvas: &mut Canvas, ink: &Ink, left: isize, top: isize, grey: f32, hard: bool, swell: isize) {
    for (index, &coverage) in ink.coverage.iter().enumerate().filter(|(_, c)| **c > 8) {
        let share = f32::from(coverage) / 255.0;
        let share = if hard { f32::from(u8::from(share > 0.45)) } else { share };
        let (x, y) = (left + (index % ink.width) as isize, top + (index / ink.width) as isize);
        for dy in -swell..=swell {
            for dx in -swell..=swell {
                canvas.mix(x + dx, y + dy, grey, share);
            }
        }
    }
}

/// Blurred, inverted, windowed, compressed: what happens to pictures on their way.
fn developed(chance: &mut Chance, mut canvas: Canvas) -> Plane {
    if chance.happens(0.3) {
        let middle = chance.between(1.5, 8.0);
        canvas.smooth(middle);
    }
    if chance.happens(0.3) {
        canvas.grey.iter_mut().for_each(|v| *v = 255.0 - *v);
    }
    if chance.happens(0.2) {
        let (low, span) = (chance.between(0.0, 60.0), chance.between(0.65, 1.0));
        canvas.grey.iter_mut().for_each(|v| *v = low + span * *v);
    }
    let plane = canvas.plane();
    if chance.happens(0.35) {
        let quality = chance.whole(30, 95) as u8;
        return compressed(&plane, quality).unwrap_or(plane);
    }
    plane
}

/// To JPEG and back.
pub fn compressed(plane: &Plane, quality: u8) -> Option<Plane> {
    let mut bytes = Vec::new();
    let (width, height) = (plane.width as u32, plane.height as u32);
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    encoder.encode(&plane.pixels, width, height, image::ExtendedColorType::L8).ok()?;
    let decoded = image::load(Cursor::new(bytes), ImageFormat::Jpeg).ok()?;
    Some(Plane { width: plane.width, height: plane.height, pixels: decoded.to_luma8().into_raw() })
}
