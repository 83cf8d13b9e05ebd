//! Lesions: each place in the lung has an order in which the disease takes it, so that a chosen share of the
//! lung is diseased exactly by taking all places up to the quantile of that share. Lesions grow, and fade, by
//! moving the quantile.

use super::anatomy::{Anatomy, NO_LOBE, Point};
use crate::random::Dice;

/// How much each of three waves moves a lesion's surface.
const UNEVEN: f32 = 0.09;

struct Focus {
    centre: Point,
    radii: [f32; 3],
    wobble: [f32; 3],
}

/// The disease pattern of one subject.
pub(crate) struct Lesions {
    foci: Vec<Focus>,
    /// Orders of a regular sample of the lung, sorted.
    sample: Vec<f32>,
}

impl Lesions {
    /// Foci towards the back, the base and the pleura, as the pneumonia of COVID-19 prefers.
    pub(crate) fn new(dice: &mut Dice, anatomy: &Anatomy) -> Self {
        let count = dice.whole(5, 11);
        let foci = (0..count).map(|_| focus(dice, anatomy)).collect();
        let mut lesions = Self { foci, sample: Vec::new() };
        lesions.sample = lesions.sampled(anatomy);
        lesions
    }

    /// The order of a place in the lung: smaller is earlier.
    pub(crate) fn order(&self, p: Point) -> f32 {
        self.foci.iter().fold(f32::INFINITY, |nearest, focus| nearest.min(focus.distance(p, nearest)))
    }

    /// The orders up to which lung is diseased and consolidated, for a diseased share and the consolidated part of it.
    pub(crate) fn grown(&self, extent: f64, consolidated_share: f64) -> (f32, f32) {
        (self.quantile(extent), self.quantile(extent * consolidated_share))
    }

    fn quantile(&self, share: f64) -> f32 {
        let rank = (share * self.sample.len() as f64).round() as usize;
        rank.checked_sub(1).and_then(|i| self.sample.get(i)).copied().unwrap_or(f32::NEG_INFINITY)
    }

    fn sampled(&self, anatomy: &Anatomy) -> Vec<f32> {
        let mut orders = Vec::new();
        let places = |from: f32, to: f32, by: f32| {
            (0..((to - from) / by) as usize).map(move |i| (from + i as f32 * by) * anatomy.scale)
        };
        for z in places(-150.0, 140.0, 7.0) {
            for y in places(-95.0, 95.0, 8.0) {
                for x in places(-140.0, 140.0, 8.0) {
                    let p = Point { x, y, z };
                    if anatomy.at(p).lobe != NO_LOBE {
                        orders.push(self.order(p));
                    }
                }
            }
        }
        orders.sort_by(f32::total_cmp);
        orders
    }
}

impl Focus {
    /// Distance in radii, its surface uneven; infinite where it cannot be below `limit`.
    fn distance(&self, p: Point, limit: f32) -> f32 {
        let d = [p.x - self.centre.x, p.y - self.centre.y, p.z - self.centre.z];
        let r = ((d[0] / self.radii[0]).powi(2)
            + (d[1] / self.radii[1]).powi(2)
            + (d[2] / self.radii[2]).powi(2))
        .sqrt();
        if r * (1.0 - 3.0 * UNEVEN) > limit {
            return f32::INFINITY;
        }
        let uneven = (0.19 * d[0] + self.wobble[0]).sin()
            + (0.23 * d[1] + self.wobble[1]).sin()
            + (0.17 * d[2] + self.wobble[2]).sin();
        r * (1.0 + UNEVEN * uneven)
    }
}

fn focus(dice: &mut Dice, anatomy: &Anatomy) -> Focus {
    let mut best: Option<(f64, Point)> = None;
    for _ in 0..24 {
        let p = Point {
            x: dice.between(-125.0, 125.0) as f32 * anatomy.scale,
            y: dice.between(-80.0, 85.0) as f32 * anatomy.scale,
            z: dice.between(-120.0, 100.0) as f32 * anatomy.scale,
        };
        if anatomy.at(p).lobe == NO_LOBE {
            continue;
        }
        let pleura = f64::from((p.x / 125.0).hypot(p.y / 85.0));
        let liking = 1.2 * pleura + 0.006 * f64::from(p.y) - 0.004 * f64::from(p.z) + 0.7 * dice.normal();
        if best.is_none_or(|(most, _)| liking > most) {
            best = Some((liking, p));
        }
    }
    let (_, centre) = best.unwrap_or((0.0, Point { x: -80.0, y: 30.0, z: -30.0 }));
    let mut size = |low, high| dice.between(low, high) as f32 * anatomy.scale;
    let radii = [size(14.0, 34.0), size(14.0, 36.0), size(12.0, 32.0)];
    let wobble = [0; 3].map(|_| dice.between(0.0, std::f64::consts::TAU) as f32);
    Focus { centre, radii, wobble }
}
