//! One person's chest, sampled once for CT and once for radiographs, and its images on any day.

use super::{
    anatomy::Anatomy,
    extent::Extent,
    lesion::Lesions,
    noise::Noise,
    projection::{Beam, Shadow},
    volume::{Grid, Lesion, Volume},
};
use crate::{
    cohort::{Exam, Person},
    random::Dice,
};

/// Sizes of the images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageSize {
    /// Rows and columns of a CT slice.
    pub ct_matrix: usize,
    /// Slices of a CT series.
    pub ct_slices: usize,
    /// Columns of a radiograph.
    pub cxr_columns: usize,
    /// Rows of a radiograph.
    pub cxr_rows: usize,
}

impl Default for ImageSize {
    /// Small: a cohort of 522 in well under a minute and 600 MB.
    fn default() -> Self {
        Self { ct_matrix: 96, ct_slices: 10, cxr_columns: 128, cxr_rows: 160 }
    }
}

/// Field of view of a CT slice in millimetres.
pub(crate) const CT_FIELD_MM: f32 = 400.0;
/// From the lowest to the highest edge of a CT scan in millimetres.
pub(crate) const CT_LENGTH_MM: f32 = 280.0;
/// Width and height of a detector in millimetres.
pub(crate) const DETECTOR_MM: [f32; 2] = [350.0, 437.5];

/// A person's chest.
pub(crate) struct Chest<'a> {
    size: ImageSize,
    noise: &'a Noise,
    anatomy: Anatomy,
    lesions: Lesions,
    ct: Option<Volume>,
    beam: Option<Volume>,
}

/// A CT scan of the day in Hounsfield units.
pub(crate) struct CtSeries {
    /// Slices from the lowest up, rows from front to back.
    pub(crate) hounsfield: Vec<i16>,
    /// Lobe (1 to 5) plus 16 in ground glass, 32 in consolidation; 0 outside the lungs.
    pub(crate) mask: Vec<u8>,
    /// What the mask counts.
    pub(crate) extent: Extent,
    pub(crate) grid: Grid,
}

/// A radiograph.
pub(crate) struct Radiograph {
    /// Grey values of 12 bits, white is dense.
    pub(crate) grey: Vec<u16>,
    /// Diseased lung crossed by the beam, in millimetres up to 255.
    pub(crate) mask: Vec<u8>,
}

impl<'a> Chest<'a> {
    /// The chest of `person`; `dice` decides its form and where lesions sit.
    pub(crate) fn new(dice: &mut Dice, person: &Person, size: ImageSize, noise: &'a Noise) -> Self {
        let anatomy = Anatomy::new(dice, person);
        let lesions = Lesions::new(dice, &anatomy);
        Self { size, noise, anatomy, lesions, ct: None, beam: None }
    }

    /// Where the samples of a CT scan lie.
    pub(crate) fn ct_grid(size: ImageSize) -> Grid {
        let count = [size.ct_matrix, size.ct_matrix, size.ct_slices];
        Grid::over(count, [CT_FIELD_MM, CT_FIELD_MM, CT_LENGTH_MM], [0.0, 0.0, -5.0])
    }

    /// The scan of the exam's day.
    pub(crate) fn ct(&mut self, exam: &Exam, grain: u64) -> CtSeries {
        let grown = self.lesions.grown(exam.extent, exam.consolidated_share);
        let grid = Self::ct_grid(self.size);
        let (anatomy, lesions) = (&self.anatomy, &self.lesions);
        let volume = self.ct.get_or_insert_with(|| Volume::sample(anatomy, lesions, grid));
        let mut noise = self.noise.from(grain);
        let mut series = CtSeries {
            hounsfield: Vec::with_capacity(volume.lobe.len()),
            mask: Vec::with_capacity(volume.lobe.len()),
            extent: Extent::count(volume, grown),
            grid,
        };
        for index in 0..volume.lobe.len() {
            let lesion = volume.lesion(index, grown);
            let hounsfield = volume.diseased(index, lesion) + 14.0 * noise.next().unwrap_or(0.0);
            series.hounsfield.push(hounsfield.clamp(-1024.0, 3071.0) as i16);
            let kind = match lesion {
                Lesion::None => 0,
                Lesion::GroundGlass => 16,
                Lesion::Consolidation => 32,
            };
            series.mask.push(if volume.lobe[index] == 0 { 0 } else { volume.lobe[index] + kind });
        }
        series
    }

    fn beam_volume(&mut self) -> &Volume {
        let count = [self.size.cxr_columns.min(96), 40, self.size.cxr_rows.min(120)];
        let grid = Grid::over(count, [DETECTOR_MM[0], 270.0, DETECTOR_MM[1]], [0.0, 0.0, -5.0]);
        let (anatomy, lesions) = (&self.anatomy, &self.lesions);
        self.beam.get_or_insert_with(|| Volume::sample(anatomy, lesions, grid))
    }

    /// A radiograph of the exam's day, and the extent of disease that it shadows.
    pub(crate) fn radiograph(&mut self, exam: &Exam, lateral: bool, grain: u64) -> Radiograph {
        let grown = self.lesions.grown(exam.extent, exam.consolidated_share);
        let size = self.size;
        let beam = if lateral { Beam::Lateral } else { Beam::Sagittal };
        let volume = self.beam_volume();
        let shadow = Shadow::cast(volume, grown, beam);
        // The detector is wider than the chest is deep: a lateral view has free beam on both sides.
        let width = if lateral {
            volume.grid.count[1] as f32 * DETECTOR_MM[0] / 270.0
        } else {
            volume.grid.count[0] as f32
        };
        // At the bedside the tube is near and the chest is magnified; nobody stands quite straight.
        let zoom = if exam.portable { 0.94 } else { 1.0 };
        let shift = (grain % 7) as f32 - 3.0;
        let rows = volume.grid.count[2] as f32;
        let left = 0.5 * (shadow.columns as f32 - width * zoom) + 0.4 * shift;
        let top = 0.5 * rows * (1.0 - zoom) + 0.3 * shift;
        let shadow =
            shadow.resampled(size.cxr_columns, size.cxr_rows, [left, top, width * zoom, rows * zoom]);
        let grey = shadow.grey(4095.0, self.noise.from(grain));
        let mask = shadow.lesion_mm.iter().map(|mm| mm.clamp(0.0, 255.0) as u8).collect();
        Radiograph { grey, mask }
    }

    /// The extent of disease on the exam's day, counted in the volume that radiographs are made from.
    pub(crate) fn radiograph_extent(&mut self, exam: &Exam) -> Extent {
        let grown = self.lesions.grown(exam.extent, exam.consolidated_share);
        Extent::count(self.beam_volume(), grown)
    }

    /// A CT localiser: rows, columns and values.
    pub(crate) fn localiser(&mut self, exam: &Exam, grain: u64) -> (usize, usize, Vec<i16>) {
        let grown = self.lesions.grown(exam.extent, exam.consolidated_share);
        let shadow = Shadow::cast(self.beam_volume(), grown, Beam::Sagittal);
        let noise = self.noise.from(grain);
        let values =
            shadow.depth.iter().zip(noise).map(|(d, n)| (160.0 * d - 500.0 + 6.0 * n) as i16).collect();
        (shadow.rows, shadow.columns, values)
    }

    /// Walks the noise of a sharp kernel onto a slice.
    pub(crate) fn sharpened(&self, hounsfield: &[i16], grain: u64) -> Vec<i16> {
        let noisy = |(&h, n): (&i16, f32)| (f32::from(h) + 32.0 * n).clamp(-1024.0, 3071.0) as i16;
        hounsfield.iter().zip(self.noise.from(grain)).map(noisy).collect()
    }
}
