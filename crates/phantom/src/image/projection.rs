//! Radiographs: what is left of the beam after the same chest, and the grey value that a detector gives it.

use super::volume::Volume;

/// Attenuation of water at the beam's mean energy, per millimetre.
const WATER: f32 = 0.019;

fn attenuation(hounsfield: f32) -> f32 {
    // Bone attenuates more than its density says: its calcium absorbs low energies.
    let bone = if hounsfield > 150.0 { 1.7 } else { 1.0 };
    WATER * (1.0 + hounsfield / 1000.0).max(0.0) * bone
}

/// Line integrals of attenuation, row by row from the head down.
#[derive(Clone, Debug)]
pub(crate) struct Shadow {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    pub(crate) depth: Vec<f32>,
    /// Diseased lung that the beam crosses, in millimetres.
    pub(crate) lesion_mm: Vec<f32>,
}

/// Which way the beam goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beam {
    /// From back to front or front to back: both cast the same shadow here.
    Sagittal,
    /// From side to side.
    Lateral,
}

impl Shadow {
    /// Projects `volume` with lesions grown to `grown`.
    pub(crate) fn cast(volume: &Volume, grown: (f32, f32), beam: Beam) -> Self {
        let [nx, ny, nz] = volume.grid.count;
        let (columns, step) =
            if beam == Beam::Sagittal { (nx, volume.grid.step[1]) } else { (ny, volume.grid.step[0]) };
        // A lateral view is exposed for the greater depth of the chest from side to side.
        let exposure = if beam == Beam::Sagittal { 1.0 } else { 0.66 };
        let mut shadow =
            Self { columns, rows: nz, depth: vec![0.0; columns * nz], lesion_mm: vec![0.0; columns * nz] };
        for z in 0..nz {
            let row = (nz - 1 - z) * columns;
            for y in 0..ny {
                for x in 0..nx {
                    let index = volume.grid.index(x, y, z);
                    let lesion = volume.lesion(index, grown);
                    let place = row + if beam == Beam::Sagittal { x } else { y };
                    shadow.depth[place] += exposure * step * attenuation(volume.diseased(index, lesion));
                    if lesion != super::volume::Lesion::None {
                        shadow.lesion_mm[place] += step;
                    }
                }
            }
        }
        shadow
    }

    /// Resampled to `columns` by `rows` covering `window` (left, top, width, height, in samples of this shadow).
    pub(crate) fn resampled(&self, columns: usize, rows: usize, window: [f32; 4]) -> Self {
        let mut out =
            Self { columns, rows, depth: vec![0.0; columns * rows], lesion_mm: vec![0.0; columns * rows] };
        for row in 0..rows {
            let y = window[1] + (row as f32 + 0.5) / rows as f32 * window[3] - 0.5;
            for column in 0..columns {
                let x = window[0] + (column as f32 + 0.5) / columns as f32 * window[2] - 0.5;
                let place = row * columns + column;
                out.depth[place] = self.bilinear(&self.depth, x, y);
                out.lesion_mm[place] = self.bilinear(&self.lesion_mm, x, y);
            }
        }
        out
    }

    fn bilinear(&self, values: &[f32], x: f32, y: f32) -> f32 {
        if x < -0.5 || y < -0.5 || x > self.columns as f32 - 0.5 || y > self.rows as f32 - 0.5 {
            return 0.0;
        }
        let (x, y) = (x.clamp(0.0, self.columns as f32 - 1.0), y.clamp(0.0, self.rows as f32 - 1.0));
        let (left, top) = (x as usize, y as usize);
        let (right, bottom) = ((left + 1).min(self.columns - 1), (top + 1).min(self.rows - 1));
        let (fx, fy) = (x - left as f32, y - top as f32);
        let at = |column: usize, row: usize| values[row * self.columns + column];
        let upper = at(left, top) * (1.0 - fx) + at(right, top) * fx;
        let lower = at(left, bottom) * (1.0 - fx) + at(right, bottom) * fx;
        upper * (1.0 - fy) + lower * fy
    }

    /// Grey values from 0 (beam untouched) to `white`, on the S-shaped curve of a chest protocol, with noise.
    pub(crate) fn grey(&self, white: f32, mut noise: impl Iterator<Item = f32>) -> Vec<u16> {
        self.depth
            .iter()
            .map(|&depth| {
                let curve = 1.0 / (1.0 + (-(depth - 2.9) / 0.75).exp());
                let grain = noise.next().unwrap_or(0.0) * 0.006 * white;
                (white * curve + grain).clamp(0.0, white) as u16
            })
            .collect()
    }
}
