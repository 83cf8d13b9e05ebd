//! What is on the pictures: chests of the phantom, an ultrasound sector, a saved screen.

use sumgil_dicom::{
    dicom_core::{PrimitiveValue, VR},
    dictionary::tags,
};
use sumgil_phantom::picture;

use super::{
    burn::{self, Style},
    canvas::{Canvas, Rect},
    encode::{Codec, Stored},
    faces::Faces,
};
use crate::corpus::{chance::Chance, sheet::Sheet};

/// Kinds of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::corpus) enum Scene {
    /// A radiograph, 12 bits; `MONOCHROME1` when inverse.
    Radiograph { inverse: bool },
    /// An axial slice without text.
    Slice,
    /// A CT localiser, signed values.
    Localiser,
    /// A page of text in colour.
    Screen,
    /// Three frames of an ultrasound loop, colour.
    Ultrasound,
}

/// What is to be burned in: kind and text of each line; nothing for a picture without text.
pub(in crate::corpus) type Texts = Vec<(&'static str, String)>;

/// Draws the picture, describes and encodes it in `sheet`; the transfer syntax to write.
///
/// # Errors
/// When a codec fails.
pub(in crate::corpus) fn image(
    sheet: &mut Sheet,
    scene: Scene,
    codec: Codec,
    texts: &Texts,
    faces: &Faces,
    chance: &mut Chance,
) -> anyhow::Result<(&'static str, (usize, usize))> {
    let eight_bit = codec.is_lossy();
    let mut frames = draw(scene, eight_bit, chance);
    let range = range(scene, eight_bit);
    let mut taken: Vec<Rect> = Vec::new();
    let style = style(scene, range, eight_bit, chance);
    for item in burn::lines(&mut frames, texts, &style, faces, &mut taken, chance) {
        sheet.line(item);
    }
    if let Scene::Radiograph { inverse } = scene {
        let white = if inverse { range.0 } else { range.1 };
        if let Some(item) = burn::marker(&mut frames[0], &[white], faces, &mut taken, chance) {
            sheet.line(item);
        }
    }
    if !texts.is_empty() && chance.is(0.4) {
        // Most headers do not say it, and some deny it.
        sheet.text(tags::BURNED_IN_ANNOTATION, if chance.is(0.5) { "YES" } else { "NO" });
    }
    let size = (frames[0].columns, frames[0].rows);
    let stored = Stored {
        bits: bits(scene, eight_bit),
        signed: matches!(scene, Scene::Localiser | Scene::Slice),
        photometric: photometric(scene, codec),
    };
    frame_description(sheet, scene, frames.len());
    Ok((codec.store(sheet, &frames, &stored)?, size))
}

fn draw(scene: Scene, eight_bit: bool, chance: &mut Chance) -> Vec<Canvas> {
    match scene {
        Scene::Radiograph { inverse } => vec![radiograph(inverse, eight_bit, chance)],
        Scene::Slice => vec![slice(chance)],
        Scene::Localiser => vec![localiser(chance)],
        Scene::Screen => vec![screen(chance)],
        Scene::Ultrasound => ultrasound(chance),
    }
}

fn radiograph(inverse: bool, eight_bit: bool, chance: &mut Chance) -> Canvas {
    let (columns, rows) = (chance.size(416, 544), chance.size(480, 640));
    let picture = picture::radiograph(chance.whole(1, 4_000) as u64, columns, rows, chance.is(0.2));
    let top = if eight_bit { 255 } else { 4095 };
    let value = |grey: &u16| {
        let value = i32::from(*grey) * top / 4095;
        if inverse { top - value } else { value }
    };
    Canvas { columns, rows, samples: 1, values: picture.grey.iter().map(value).collect() }
}

fn slice(chance: &mut Chance) -> Canvas {
    let matrix = *chance.pick(&[96, 128, 144]);
    let picture = picture::ct_slice(chance.whole(1, 4_000) as u64, matrix);
    let values = picture.grey.iter().map(|grey| i32::from(*grey) / 2 - 1000).collect();
    Canvas { columns: matrix, rows: matrix, samples: 1, values }
}

fn localiser(chance: &mut Chance) -> Canvas {
    let (columns, rows) = (chance.size(288, 352), chance.size(320, 400));
    let picture = picture::radiograph(chance.whole(1, 4_000) as u64, columns, rows, chance.is(0.3));
    let values = picture.grey.iter().map(|grey| i32::from(*grey) / 2 - 1024).collect();
    Canvas { columns, rows, samples: 1, values }
}

/// A page of one colour with a frame around it.
fn screen(chance: &mut Chance) -> Canvas {
    let (columns, rows) = (chance.size(400, 560), chance.size(320, 420));
    let ground = *chance.pick(&[[0, 0, 0], [18, 24, 60], [246, 246, 240]]);
    let mut canvas = Canvas::filled(columns, rows, &ground);
    let line = [120, 120, 130];
    for rect in [
        [1, 1, columns - 2, 1],
        [1, rows - 2, columns - 2, 1],
        [1, 1, 1, rows - 2],
        [columns - 2, 1, 1, rows - 2],
    ] {
        canvas.fill(rect, &line);
    }
    canvas
}

/// A sector of speckle that moves a little from frame to frame.
fn ultrasound(chance: &mut Chance) -> Vec<Canvas> {
    let (columns, rows) = (chance.size(320, 400), chance.size(260, 320));
    let mut frames = vec![Canvas::filled(columns, rows, &[0, 0, 0]); 3];
    for frame in &mut frames {
        for y in 40..rows - 30 {
            let half = (y - 20) * columns / (3 * rows);
            for x in (columns / 2 - half)..(columns / 2 + half) {
                let echo = chance.whole(10, 110) as i32;
                frame.fill([x, y, 1, 1], &[echo, echo, echo]);
            }
        }
    }
    frames
}

/// Lowest and highest stored value.
fn range(scene: Scene, eight_bit: bool) -> (i32, i32) {
    match scene {
        Scene::Radiograph { .. } if !eight_bit => (0, 4095),
        Scene::Localiser | Scene::Slice => (-1024, 1200),
        _ => (0, 255),
    }
}

fn bits(scene: Scene, eight_bit: bool) -> usize {
    match scene {
        Scene::Radiograph { .. } if !eight_bit => 12,
        Scene::Localiser | Scene::Slice => 16,
        _ => 8,
    }
}

fn photometric(scene: Scene, codec: Codec) -> &'static str {
    match scene {
        Scene::Radiograph { inverse: true } => "MONOCHROME1",
        Scene::Screen | Scene::Ultrasound if codec.is_lossy() => "YBR_FULL_422",
        Scene::Screen | Scene::Ultrasound => "RGB",
        _ => "MONOCHROME2",
    }
}

/// White, light grey or, on a plate, black text; its height follows the picture's.
fn style(scene: Scene, (low, high): (i32, i32), eight_bit: bool, chance: &mut Chance) -> Style {
    let tolerance = (high - low) as f32 * if eight_bit { 0.3 } else { 0.25 };
    let frame = if scene == Scene::Ultrasound { -1 } else { 0 };
    let dark = if matches!(scene, Scene::Radiograph { inverse: true }) { high } else { low };
    let (colour, plate) = match scene {
        Scene::Radiograph { inverse } => {
            let (black, white) = if inverse { (high, low) } else { (low, high) };
            if chance.is(0.25) { (vec![black], Some(vec![white])) } else { (vec![white], None) }
        }
        Scene::Screen | Scene::Ultrasound => {
            let bright = *chance.pick(&[[255, 255, 255], [255, 235, 120], [150, 255, 170]]);
            (bright.to_vec(), Some(vec![20, 20, 26]))
        }
        _ => (vec![high], None),
    };
    let (lowest, highest) = if matches!(scene, Scene::Radiograph { .. }) { (13, 27) } else { (12, 20) };
    let ground = vec![dark; colour.len()];
    Style { colour, plate, ground, lowest, highest, tolerance, frame }
}

fn frame_description(sheet: &mut Sheet, scene: Scene, frames: usize) {
    match scene {
        Scene::Radiograph { .. } => sheet.text(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY"),
        Scene::Slice => sheet.text(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\AXIAL"),
        Scene::Localiser => sheet.text(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\LOCALIZER"),
        Scene::Screen => sheet.text(tags::CONVERSION_TYPE, "WSD"),
        Scene::Ultrasound => {
            sheet.text(tags::NUMBER_OF_FRAMES, &frames.to_string()).text(tags::FRAME_TIME, "33").value(
                tags::FRAME_INCREMENT_POINTER,
                VR::AT,
                PrimitiveValue::Tags([tags::FRAME_TIME].as_slice().into()),
            )
        }
    };
    if matches!(scene, Scene::Localiser | Scene::Slice) {
        sheet.text(tags::RESCALE_INTERCEPT, "0").text(tags::RESCALE_SLOPE, "1");
    }
}
