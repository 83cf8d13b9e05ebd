//! A chest as a function of place: millimetres in, Hounsfield units and lobe out.
//!
//! Patient coordinates as in DICOM: x to the patient's left, y to the back, z to the head; origin in the middle
//! of the chest.

use crate::{cohort::Person, random::Dice};

/// No lung.
pub(crate) const NO_LOBE: u8 = 0;

/// Names of the lobes; label `i + 1` in masks.
pub const LOBES: [&str; 5] =
    ["right upper lobe", "right middle lobe", "right lower lobe", "left upper lobe", "left lower lobe"];

/// A place in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) z: f32,
}

/// What is at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tissue {
    pub(crate) hounsfield: f32,
    /// 1 to 5 in lung, else [`NO_LOBE`].
    pub(crate) lobe: u8,
}

const fn solid(hounsfield: f32) -> Tissue {
    Tissue { hounsfield, lobe: NO_LOBE }
}

/// The measures of one person's chest.
#[derive(Clone, Debug)]
pub(crate) struct Anatomy {
    /// Size relative to a person of 1.70 m.
    pub(crate) scale: f32,
    fat: f32,
    heart: f32,
    rib_phase: f32,
    dome: f32,
    fissure: f32,
    /// Pulmonary vessels as segments: from, to, radius at both ends.
    pub(crate) vessels: Vec<(Point, Point, f32, f32)>,
}

const AIR: Tissue = solid(-1000.0);
const FAT: Tissue = solid(-100.0);
const MUSCLE: Tissue = solid(50.0);
const BLOOD: Tissue = solid(42.0);

impl Anatomy {
    /// The chest of `person`.
    pub(crate) fn new(dice: &mut Dice, person: &Person) -> Self {
        let bmi = person.weight_kg / (person.height_m * person.height_m);
        let mut anatomy = Self {
            scale: (person.height_m / 1.70) as f32,
            fat: (8.0 + 1.6 * (bmi - 19.0).max(0.0)) as f32,
            heart: dice.between(0.9, 1.25) as f32,
            rib_phase: dice.between(0.0, 27.0) as f32,
            dome: dice.between(-8.0, 12.0) as f32,
            fissure: dice.between(-8.0, 8.0) as f32,
            vessels: Vec::new(),
        };
        anatomy.vessels = anatomy.grow_vessels(dice);
        anatomy
    }

    /// What is at `p`.
    pub(crate) fn at(&self, p: Point) -> Tissue {
        let p = Point { x: p.x / self.scale, y: p.y / self.scale, z: p.z / self.scale };
        let (depth, cubed) = self.skin(p);
        if cubed > 1.0 {
            return AIR;
        }
        let narrowing = cage_size(p.z);
        let r = ((p.x / (138.0 * narrowing)).powi(2) + (p.y / (94.0 * narrowing)).powi(2)).sqrt();
        if r > 1.0 || p.z > 138.0 {
            return self.wall(p, r, (1.0 - cubed.cbrt()) * depth);
        }
        self.inside(p, r)
    }

    /// Half the depth of the body there, and the cube of the distance from its middle, 1 on the skin.
    fn skin(&self, p: Point) -> (f32, f32) {
        let shoulder = smooth((p.z - 70.0) / 60.0);
        let neck = smooth((p.z - 122.0) / 52.0);
        let width = 152.0 + self.fat + 26.0 * shoulder - 118.0 * neck;
        let depth = 106.0 + self.fat - 8.0 * shoulder - 40.0 * neck;
        (depth, (p.x / width).abs().powi(3) + (p.y / depth).abs().powi(3))
    }

    /// Chest wall, shoulders and neck.
    fn wall(&self, p: Point, r: f32, skin: f32) -> Tissue {
        if let Some(bone) = spine(p) {
            return bone;
        }
        if p.z > 138.0 && p.x.hypot(p.y - 12.0) < 9.0 {
            return AIR;
        }
        let clavicle = 112.0 + 0.12 * p.x.abs();
        if p.x.abs() > 12.0 && p.x.abs() < 140.0 && (p.z - clavicle).hypot(p.y + 62.0) < 7.5 {
            return solid(420.0);
        }
        if r < 1.085 && p.z < 138.0 {
            return self.rib_or_muscle(p);
        }
        if skin < self.fat { FAT } else { MUSCLE }
    }

    /// Ribs run down from the back to the front, one every 27 mm.
    fn rib_or_muscle(&self, p: Point) -> Tissue {
        if p.y < -70.0 && p.x.abs() < 17.0 && p.z > -55.0 && p.z < 105.0 {
            return solid(260.0);
        }
        let along = (p.z - 0.42 * p.y + self.rib_phase).rem_euclid(27.0);
        if along < 9.0 && p.z > -150.0 { solid(430.0) } else { MUSCLE }
    }

    /// Within the rib cage.
    fn inside(&self, p: Point, r: f32) -> Tissue {
        if let Some(bone) = spine(p) {
            return bone;
        }
        if p.z < self.diaphragm(p) {
            return abdomen(p, self.diaphragm(p), r);
        }
        if let Some(tissue) = self.mediastinum(p) {
            return tissue;
        }
        let hounsfield = -868.0 + 0.45 * p.y + 0.12 * (0.0 - p.z).max(0.0);
        Tissue { hounsfield, lobe: self.lobe(p) }
    }

    fn diaphragm(&self, p: Point) -> f32 {
        let side = if p.x < 0.0 { 0.0 } else { -11.0 };
        let across = ((p.x.abs() - 62.0) / 62.0).powi(2) + ((p.y + 12.0) / 78.0).powi(2);
        -112.0 + self.dome + side + 48.0 * (-across).exp() - 0.12 * p.y
    }

    fn lobe(&self, p: Point) -> u8 {
        let lower = p.z < -15.0 + self.fissure + 0.94 * p.y;
        match (p.x < 0.0, lower) {
            (true, true) => 3,
            (true, false) if p.z < 2.0 + self.fissure => 2,
            (true, false) => 1,
            (false, true) => 5,
            (false, false) => 4,
        }
    }

    fn mediastinum(&self, p: Point) -> Option<Tissue> {
        let h = self.heart;
        if ellipsoid(p, (26.0, -24.0, -48.0), (57.0 * h, 46.0 * h, 50.0 * h)) < 1.0 {
            return Some(BLOOD);
        }
        if trachea(p) {
            return Some(AIR);
        }
        let arch = ellipsoid(p, (20.0, 8.0, 46.0), (20.0, 34.0, 14.0)) < 1.0;
        let descending = p.z < 50.0 && (p.x - 22.0).hypot(p.y - 42.0) < 12.5;
        let cava = p.z > -20.0 && (p.x + 24.0).hypot(p.y + 6.0) < 10.0;
        if arch || descending || cava {
            return Some(BLOOD);
        }
        let half_width = if p.y > 40.0 { 12.0 } else { 25.0 + 0.06 * (p.z - 20.0).max(0.0) };
        (p.x.abs() < half_width && p.y > -80.0).then_some(if p.y < 0.0 { solid(-60.0) } else { solid(30.0) })
    }

    /// Vessels from the hila towards the pleura: branches and their children.
    fn grow_vessels(&self, dice: &mut Dice) -> Vec<(Point, Point, f32, f32)> {
        let mut segments = Vec::new();
        for side in [-1.0_f32, 1.0] {
            let hilum = Point { x: 36.0 * side, y: 8.0, z: -2.0 };
            for _ in 0..13 {
                let end = Point {
                    x: side * dice.between(50.0, 118.0) as f32,
                    y: dice.between(-68.0, 72.0) as f32,
                    z: dice.between(-105.0, 95.0) as f32,
                };
                let fork = between(hilum, end, dice.between(0.4, 0.6) as f32);
                segments.push((hilum, fork, 5.2, 3.2));
                for _ in 0..2 {
                    segments.push((fork, jitter(dice, end, 24.0), 3.0, 0.8));
                }
            }
        }
        let scaled = |p: Point| Point { x: p.x * self.scale, y: p.y * self.scale, z: p.z * self.scale };
        segments.into_iter().map(|(a, b, from, to)| (scaled(a), scaled(b), from, to)).collect()
    }
}

fn jitter(dice: &mut Dice, p: Point, by: f64) -> Point {
    let mut move_by = || (by * dice.normal()) as f32;
    Point { x: p.x + 0.7 * move_by(), y: p.y + move_by(), z: p.z + move_by() }
}

fn between(a: Point, b: Point, t: f32) -> Point {
    Point { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y), z: a.z + t * (b.z - a.z) }
}

/// The rib cage is an egg: widest above the diaphragm, closed at the apex.
fn cage_size(z: f32) -> f32 {
    if z < -40.0 {
        return 1.0;
    }
    (1.0 - ((z + 40.0) / 182.0).powi(2)).max(0.0).sqrt()
}

fn spine(p: Point) -> Option<Tissue> {
    let body = (p.x / 18.0).hypot((p.y - 72.0) / 16.0);
    if body < 1.0 {
        let disc = (p.z + 300.0).rem_euclid(24.0) < 5.0;
        return Some(solid(if disc { 90.0 } else { 230.0 }));
    }
    if p.x.hypot(p.y - 95.0) < 8.0 {
        return Some(solid(20.0));
    }
    (p.x.abs() < 5.0 && p.y > 100.0 && p.y < 118.0 && (p.z + 300.0).rem_euclid(24.0) < 13.0)
        .then_some(solid(380.0))
}

fn abdomen(p: Point, top: f32, r: f32) -> Tissue {
    if ellipsoid(p, (62.0, -22.0, top - 26.0), (27.0, 24.0, 15.0)) < 1.0 {
        return solid(-850.0);
    }
    match () {
        () if r > 0.96 => solid(-80.0),
        () if p.x < 34.0 => solid(62.0),
        () if p.y > 15.0 => solid(48.0),
        () => solid(25.0),
    }
}

fn trachea(p: Point) -> bool {
    if p.z > 32.0 {
        return p.x.hypot(p.y - 12.0) < 8.5;
    }
    // The main bronchi leave the carina sideways and down.
    let t = (32.0 - p.z) / 30.0;
    (0.0..1.0).contains(&t) && (p.x.abs() - 42.0 * t).hypot(p.y - 12.0) < 6.5
}

fn ellipsoid(p: Point, centre: (f32, f32, f32), radii: (f32, f32, f32)) -> f32 {
    ((p.x - centre.0) / radii.0).powi(2)
        + ((p.y - centre.1) / radii.1).powi(2)
        + ((p.z - centre.2) / radii.2).powi(2)
}

fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
