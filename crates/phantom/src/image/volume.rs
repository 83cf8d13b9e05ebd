//! A chest sampled on a grid: Hounsfield units, lobes and the order in which lesions take each place.

use super::{
    anatomy::{Anatomy, NO_LOBE, Point},
    lesion::Lesions,
};

/// Where the samples of a volume lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Grid {
    /// Samples along x (columns), y (rows or depth) and z (slices).
    pub(crate) count: [usize; 3],
    /// Distance between samples in millimetres.
    pub(crate) step: [f32; 3],
    /// Centre of the first sample.
    pub(crate) origin: [f32; 3],
}

impl Grid {
    /// A grid of `count` samples over `size` millimetres, its middle at `centre`.
    pub(crate) fn over(count: [usize; 3], size: [f32; 3], centre: [f32; 3]) -> Self {
        let mut grid = Self { count, step: [1.0; 3], origin: [0.0; 3] };
        for axis in 0..3 {
            grid.step[axis] = size[axis] / count[axis] as f32;
            grid.origin[axis] = centre[axis] - 0.5 * size[axis] + 0.5 * grid.step[axis];
        }
        grid
    }

    pub(crate) fn at(&self, axis: usize, index: usize) -> f32 {
        self.origin[axis] + index as f32 * self.step[axis]
    }

    fn point(&self, x: usize, y: usize, z: usize) -> Point {
        Point { x: self.at(0, x), y: self.at(1, y), z: self.at(2, z) }
    }

    pub(crate) fn index(&self, x: usize, y: usize, z: usize) -> usize {
        (z * self.count[1] + y) * self.count[0] + x
    }

    /// Samples of `axis` within `radius` of `centre`.
    fn range(&self, axis: usize, centre: f32, radius: f32) -> std::ops::Range<usize> {
        let place =
            |mm: f32| ((mm - self.origin[axis]) / self.step[axis]).clamp(0.0, self.count[axis] as f32);
        (place(centre - radius).ceil() as usize)
            ..((place(centre + radius).floor() as usize + 1).min(self.count[axis]))
    }
}

/// What a voxel is, beyond its density.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lesion {
    None,
    GroundGlass,
    Consolidation,
}

/// A chest without lesions, and what is needed to put those of any day into it.
pub(crate) struct Volume {
    pub(crate) grid: Grid,
    pub(crate) hounsfield: Vec<f32>,
    pub(crate) lobe: Vec<u8>,
    /// Lesion order of lung voxels; infinite elsewhere.
    pub(crate) order: Vec<f32>,
}

impl Volume {
    /// Samples `anatomy` and `lesions` on `grid`.
    pub(crate) fn sample(anatomy: &Anatomy, lesions: &Lesions, grid: Grid) -> Self {
        let size = grid.count.iter().product();
        let mut volume = Self {
            grid,
            hounsfield: Vec::with_capacity(size),
            lobe: Vec::with_capacity(size),
            order: Vec::with_capacity(size),
        };
        for z in 0..grid.count[2] {
            for y in 0..grid.count[1] {
                for x in 0..grid.count[0] {
                    let point = grid.point(x, y, z);
                    let tissue = anatomy.at(point);
                    volume.hounsfield.push(tissue.hounsfield);
                    volume.lobe.push(tissue.lobe);
                    let lung = tissue.lobe != NO_LOBE;
                    volume.order.push(if lung { lesions.order(point) } else { f32::INFINITY });
                }
            }
        }
        for &(from, to, start, end) in &anatomy.vessels {
            volume.draw_vessel(from, to, start, end);
        }
        volume
    }

    /// A tapering tube, drawn as balls along its axis, partly filled at its edge.
    fn draw_vessel(&mut self, from: Point, to: Point, start: f32, end: f32) {
        let length = ((to.x - from.x).powi(2) + (to.y - from.y).powi(2) + (to.z - from.z).powi(2)).sqrt();
        let balls = (length / 2.5).ceil().max(1.0) as usize;
        for ball in 0..=balls {
            let t = ball as f32 / balls as f32;
            let centre = Point {
                x: from.x + t * (to.x - from.x),
                y: from.y + t * (to.y - from.y),
                z: from.z + t * (to.z - from.z),
            };
            self.draw_ball(centre, start + t * (end - start));
        }
    }

    fn draw_ball(&mut self, centre: Point, radius: f32) {
        let edge = 0.5 * self.grid.step[0].min(self.grid.step[1]);
        let reach = radius + edge;
        for z in self.grid.range(2, centre.z, reach) {
            for y in self.grid.range(1, centre.y, reach) {
                for x in self.grid.range(0, centre.x, reach) {
                    let index = self.grid.index(x, y, z);
                    if self.lobe[index] == NO_LOBE {
                        continue;
                    }
                    let p = self.grid.point(x, y, z);
                    let distance =
                        ((p.x - centre.x).powi(2) + (p.y - centre.y).powi(2) + (p.z - centre.z).powi(2))
                            .sqrt();
                    let filled = ((reach - distance) / (2.0 * edge)).clamp(0.0, 1.0);
                    let hounsfield = -860.0 + filled * 895.0;
                    self.hounsfield[index] = self.hounsfield[index].max(hounsfield);
                }
            }
        }
    }

    /// The lesion of voxel `index` when lesions have grown to `(diseased, consolidated)`.
    pub(crate) fn lesion(&self, index: usize, grown: (f32, f32)) -> Lesion {
        match self.order[index] {
            order if order <= grown.1 => Lesion::Consolidation,
            order if order <= grown.0 => Lesion::GroundGlass,
            _ => Lesion::None,
        }
    }

    /// Density of voxel `index` with its lesion: vessels stay visible in ground glass and drown in consolidation.
    pub(crate) fn diseased(&self, index: usize, lesion: Lesion) -> f32 {
        let hounsfield = self.hounsfield[index];
        match lesion {
            Lesion::None => hounsfield,
            Lesion::GroundGlass => hounsfield.max(-560.0 + 0.25 * (hounsfield + 860.0)),
            Lesion::Consolidation => hounsfield.max(25.0),
        }
    }
}
