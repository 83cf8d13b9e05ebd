//! Text in the fonts of this machine, drawn into grey bitmaps. No font is part of the project.
//!
//! `Typeface::with("홍길동 1959")` finds the fonts that have these characters; `draw` gives the tight bitmap of
//! one line. A machine without fonts gives an empty list: such a test says so and is skipped.

use std::path::{Path, PathBuf};

use ab_glyph::{Font, FontVec, Glyph, OutlinedGlyph, PxScale, ScaleFont, point};
use walkdir::WalkDir;

/// Where Debian and its relatives keep fonts.
pub const FONT_DIRECTORY: &str = "/usr/share/fonts";
/// Size at which a line is measured before it is drawn.
const MEASURE: f32 = 100.0;
/// No bitmap is wider or higher, in pixels.
const MAX_SIDE: f32 = 16_384.0;

/// One font that was found on this machine.
pub struct Typeface {
    name: String,
    path: PathBuf,
    font: FontVec,
}

/// A line of text as a tight bitmap: no empty row or column around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ink {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// How much ink each pixel carries, 0 to 255, row by row.
    pub coverage: Vec<u8>,
}

impl Typeface {
    /// The fonts of this machine that have all `characters`, in order of their paths.
    pub fn with(characters: &str) -> Vec<Self> {
        font_files(Path::new(FONT_DIRECTORY))
            .into_iter()
            .filter_map(Self::open)
            .filter(|face| face.has(characters))
            .collect()
    }

    /// The font in a file; of a collection the first one.
    pub fn open(path: PathBuf) -> Option<Self> {
        let bytes = std::fs::read(&path).ok()?;
        let font = FontVec::try_from_vec_and_index(bytes, 0).ok()?;
        let name = path.file_stem()?.to_string_lossy().into_owned();
        Some(Self { name, path, font })
    }

    /// The name of its file without the ending.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it was found.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it has a glyph for each of `characters`; white space is not asked for.
    pub fn has(&self, characters: &str) -> bool {
        characters.chars().filter(|c| !c.is_whitespace()).all(|c| self.font.glyph_id(c).0 != 0)
    }

    /// Whether it draws something for `character`: some fonts list glyphs that are empty.
    pub fn shows(&self, character: char) -> bool {
        let id = self.font.glyph_id(character);
        id.0 != 0 && self.font.outline(id).is_some_and(|outline| !outline.curves.is_empty())
    }

    /// Draws one line so that its ink, from the highest to the lowest point, is `height` pixels high.
    /// Nothing if the text has no ink, or none of a sensible size.
    pub fn draw(&self, text: &str, height: f32) -> Option<Ink> {
        let measured = Bounds::of(&self.outlines(text, MEASURE))?;
        let size = MEASURE * height / (measured.bottom - measured.top).max(MEASURE / 8.0);
        self.draw_at(text, size)
    }

    /// Draws one line at `size` pixels from the font's ascent to its descent.
    pub fn draw_at(&self, text: &str, size: f32) -> Option<Ink> {
        let glyphs = self.outlines(text, size);
        let bounds = Bounds::of(&glyphs)?;
        let (width, height) = (bounds.right - bounds.left, bounds.bottom - bounds.top);
        if !(1.0..=MAX_SIDE).contains(&width) || !(1.0..=MAX_SIDE).contains(&height) {
            return None;
        }
        let mut ink = Ink { width: width as usize, height: height as usize, coverage: Vec::new() };
        ink.coverage.resize(ink.width * ink.height, 0);
        for glyph in &glyphs {
            ink.add(glyph, bounds.left, bounds.top);
        }
        Some(ink.trimmed())
    }

    /// The glyphs of a line, kerned, from the left.
    fn outlines(&self, text: &str, size: f32) -> Vec<OutlinedGlyph> {
        let scaled = self.font.as_scaled(PxScale::from(size));
        let mut at = 0.0;
        let mut last = None;
        let mut glyphs = Vec::new();
        for character in text.chars() {
            let id = self.font.glyph_id(character);
            at += last.map_or(0.0, |last| scaled.kern(last, id));
            let glyph: Glyph = id.with_scale_and_position(size, point(at, size));
            glyphs.extend(self.font.outline_glyph(glyph));
            at += scaled.h_advance(id);
            last = Some(id);
        }
        glyphs
    }
}

impl Ink {
    fn add(&mut self, glyph: &OutlinedGlyph, left: f32, top: f32) {
        let bounds = glyph.px_bounds();
        let (dx, dy) = ((bounds.min.x - left) as usize, (bounds.min.y - top) as usize);
        let (width, height) = (self.width, self.height);
        glyph.draw(|x, y, ink| {
            let (x, y) = (x as usize + dx, y as usize + dy);
            if x < width && y < height {
                let pixel = &mut self.coverage[y * width + x];
                *pixel = pixel.saturating_add((ink.clamp(0.0, 1.0) * 255.0) as u8);
            }
        });
    }

    /// Without the empty rows and columns that rounding leaves at the sides.
    fn trimmed(self) -> Self {
        let inked = |x: usize, y: usize| self.coverage[y * self.width + x] > 16;
        let rows: Vec<usize> = (0..self.height).filter(|&y| (0..self.width).any(|x| inked(x, y))).collect();
        let columns: Vec<usize> =
            (0..self.width).filter(|&x| (0..self.height).any(|y| inked(x, y))).collect();
        let (Some(&top), Some(&bottom)) = (rows.first(), rows.last()) else { return self };
        let (Some(&left), Some(&right)) = (columns.first(), columns.last()) else { return self };
        let coverage = (top..=bottom)
            .flat_map(|y| self.coverage[y * self.width + left..=y * self.width + right].iter().copied())
            .collect();
        Self { width: right - left + 1, height: bottom - top + 1, coverage }
    }
}

/// What glyphs cover together.
struct Bounds {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

impl Bounds {
    fn of(glyphs: &[OutlinedGlyph]) -> Option<Self> {
        let boxes = glyphs.iter().map(OutlinedGlyph::px_bounds);
        boxes.fold(None, |all: Option<Self>, one| {
            let all =
                all.unwrap_or(Self { left: f32::MAX, top: f32::MAX, right: f32::MIN, bottom: f32::MIN });
            Some(Self {
                left: all.left.min(one.min.x),
                top: all.top.min(one.min.y),
                right: all.right.max(one.max.x),
                bottom: all.bottom.max(one.max.y),
            })
        })
    }
}

fn font_files(directory: &Path) -> Vec<PathBuf> {
    let is_font = |path: &Path| {
        let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        matches!(ending.as_deref(), Some("ttf" | "otf" | "ttc"))
    };
    let files = WalkDir::new(directory).sort_by_file_name().into_iter().flatten();
    files
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .filter(|p| is_font(p))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_drawn_as_high_as_asked_and_without_margins() {
        let faces = Typeface::with("홍길동");
        let Some(face) = faces.first() else {
            println!("skipped: no font with Hangul on this machine");
            return;
        };
        let ink = face.draw("홍길동", 24.0).unwrap();
        assert!((23..=25).contains(&ink.height), "{} high", ink.height);
        assert!(ink.width > 2 * ink.height, "three syllables side by side: {}", ink.width);
        assert!(ink.coverage[..ink.width].iter().any(|&c| c > 16), "no empty row at the top");
        assert_eq!(face.draw("  ", 24.0), None);
    }

    #[test]
    fn a_font_without_the_characters_is_not_offered() {
        assert!(Typeface::with("홍").iter().all(|face| face.has("홍")));
        assert!(Typeface::with("\u{10FFFD}홍").is_empty());
    }
}
