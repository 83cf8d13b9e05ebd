//! Lines of text in the places where consoles burn them, and a side marker.

use super::{
    canvas::{Canvas, Rect, close},
    faces::Faces,
};
use crate::{
    corpus::{
        chance::Chance,
        key::{Action, Item},
    },
    typeset::Ink,
};

/// How text looks: stored values and how high it is.
pub(super) struct Style {
    pub(super) colour: Vec<i32>,
    /// Drawn under each line.
    pub(super) plate: Option<Vec<i32>>,
    /// Drawn under a line that could not be read where it stands.
    pub(super) ground: Vec<i32>,
    pub(super) lowest: usize,
    pub(super) highest: usize,
    /// How far from the mean colour a value may lie to be text.
    pub(super) tolerance: f32,
    /// -1 when it stands on every frame.
    pub(super) frame: i32,
}

/// Where a console puts its lines.
#[derive(Clone, Copy)]
enum Layout {
    Corners,
    Left,
    Right,
    Bottom,
    Top,
}

const LAYOUTS: [Layout; 5] = [Layout::Corners, Layout::Left, Layout::Right, Layout::Bottom, Layout::Top];

/// Burns `lines` (kind and text) into all `frames`; lines of the key for those that found room.
pub(super) fn lines(
    frames: &mut [Canvas],
    lines: &[(&'static str, String)],
    style: &Style,
    faces: &Faces,
    taken: &mut Vec<Rect>,
    chance: &mut Chance,
) -> Vec<Item> {
    let layout = *chance.pick(&LAYOUTS);
    let edge = chance.size(2, 14);
    let height = chance.size(style.lowest, style.highest);
    let mut items = Vec::new();
    for (number, (kind, text)) in lines.iter().enumerate() {
        let Some(ink) = faces.draw(text, height as f32, chance) else {
            continue;
        };
        let Some(rect) = place(&frames[0], layout, number, &ink, edge, taken) else { continue };
        burn(frames, &ink, rect, style);
        taken.push(rect);
        items.push(line_of_key(kind, text, rect, style));
    }
    items
}

fn burn(frames: &mut [Canvas], ink: &Ink, rect: Rect, style: &Style) {
    for frame in frames {
        let plate = style.plate.clone().or_else(|| {
            (frame.share_near(rect, &style.colour, style.tolerance) > 0.1).then(|| style.ground.clone())
        });
        if let Some(plate) = plate {
            let around = [rect[0].saturating_sub(3), rect[1].saturating_sub(3), rect[2] + 6, rect[3] + 6];
            frame.fill(around, &plate);
        }
        frame.draw(ink, rect[0], rect[1], &style.colour);
    }
}

/// The first free place of the layout, going down or up line by line.
fn place(
    canvas: &Canvas,
    layout: Layout,
    number: usize,
    ink: &Ink,
    edge: usize,
    taken: &[Rect],
) -> Option<Rect> {
    let (width, height) = (ink.width, ink.height);
    let room = (canvas.columns.checked_sub(width + edge)?, canvas.rows.checked_sub(height + edge)?);
    let step = (height / 2).max(4);
    let from_right = match layout {
        Layout::Corners => number % 2 == 1,
        Layout::Right => true,
        _ => false,
    };
    let centred = matches!(layout, Layout::Bottom | Layout::Top);
    let x = if centred {
        (canvas.columns - width) / 2
    } else if from_right {
        room.0
    } else {
        edge
    };
    let upwards = matches!(layout, Layout::Bottom) || (matches!(layout, Layout::Corners) && number >= 3);
    let start = if matches!(layout, Layout::Left | Layout::Right) { canvas.rows / 3 } else { edge };
    let tries = (0..).map(|n| start + n * step).take_while(|&y| y <= room.1);
    let free = |y: usize| {
        let rect = [x, if upwards { room.1 + edge - y } else { y }, width, height];
        (canvas.holds(rect) && taken.iter().all(|other| !close(rect, *other, 7))).then_some(rect)
    };
    tries.into_iter().find_map(free)
}

fn line_of_key(kind: &str, text: &str, rect: Rect, style: &Style) -> Item {
    let mut item = Item::new("7fe00010", kind, text, Action::PixelsHidden);
    item.rect = format!("{},{},{},{},{}", style.frame, rect[0], rect[1], rect[2], rect[3]);
    let mean = style.colour.iter().sum::<i32>() as f32 / style.colour.len() as f32;
    item.fg = format!("{mean:.2}");
    item.tol = format!("{:.2}", style.tolerance);
    item
}

/// A lone large R or L, as the lead markers on the cassette.
pub(super) fn marker(
    canvas: &mut Canvas,
    colour: &[i32],
    faces: &Faces,
    taken: &mut Vec<Rect>,
    chance: &mut Chance,
) -> Option<Item> {
    let letter = *chance.pick(&["R", "L"]);
    let high = canvas.rows as f32 * chance.between(0.045, 0.085);
    let ink = faces.draw(letter, high, chance)?;
    let left = canvas.columns as f32 * if letter == "R" { 0.1 } else { 0.8 };
    for _ in 0..40 {
        let (x, y) = (left + chance.between(0.0, 40.0), canvas.rows as f32 * chance.between(0.08, 0.8));
        let rect = [x as usize, y as usize, ink.width, ink.height];
        if canvas.holds(rect) && taken.iter().all(|other| !close(rect, *other, 40)) {
            canvas.draw(&ink, rect[0], rect[1], colour);
            taken.push(rect);
            let mut item = Item::new("7fe00010", "marker", letter, Action::PixelsRetained);
            item.rect = format!("0,{},{},{},{}", rect[0], rect[1], rect[2], rect[3]);
            return Some(item);
        }
    }
    None
}
