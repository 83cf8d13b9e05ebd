//! Letters of three by five dots, for text burned into dose screens.

/// Rows of three bits, top to bottom, for `0-9A-Z`.
const GLYPHS: [u16; 36] = [
    0b111_101_101_101_111,
    0b010_110_010_010_111,
    0b111_001_111_100_111,
    0b111_001_011_001_111,
    0b101_101_111_001_001,
    0b111_100_111_001_111,
    0b111_100_111_101_111,
    0b111_001_010_010_010,
    0b111_101_111_101_111,
    0b111_101_111_001_111,
    0b010_101_111_101_101,
    0b110_101_110_101_110,
    0b011_100_100_100_011,
    0b110_101_101_101_110,
    0b111_100_110_100_111,
    0b111_100_110_100_100,
    0b011_100_101_101_011,
    0b101_101_111_101_101,
    0b111_010_010_010_111,
    0b001_001_001_101_010,
    0b101_101_110_101_101,
    0b100_100_100_100_111,
    0b101_111_111_101_101,
    0b110_101_101_101_101,
    0b010_101_101_101_010,
    0b110_101_110_100_100,
    0b010_101_101_110_011,
    0b110_101_110_101_101,
    0b011_100_010_001_110,
    0b111_010_010_010_010,
    0b101_101_101_101_111,
    0b101_101_101_101_010,
    0b101_101_111_111_101,
    0b101_101_010_101_101,
    0b101_101_010_010_010,
    0b111_001_010_100_111,
];

/// Draws `text` (letters and digits; anything else is a gap) white into an image of `columns`, each dot
/// `size` pixels wide.
pub(crate) fn draw_text(image: &mut [u8], columns: usize, at: (usize, usize), size: usize, text: &str) {
    for (position, letter) in text.chars().enumerate() {
        let Some(value) = letter.to_digit(36) else { continue };
        let glyph = GLYPHS[value as usize];
        for dot in (0..15).filter(|dot| glyph >> (14 - dot) & 1 == 1) {
            let left = at.0 + (position * 4 + dot % 3) * size;
            let top = at.1 + dot / 3 * size;
            fill(image, columns, left, top, size);
        }
    }
}

fn fill(image: &mut [u8], columns: usize, left: usize, top: usize, size: usize) {
    for row in top..top + size {
        for column in (left..left + size).filter(|column| *column < columns) {
            if let Some(pixel) = image.get_mut(row * columns + column) {
                *pixel = 255;
            }
        }
    }
}
