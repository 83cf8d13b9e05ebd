//! How much of each lobe is diseased, counted in voxels.

use super::volume::{Lesion, Volume};

/// Voxels by lobe: lung, ground glass, consolidation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// All voxels of each lobe.
    pub lung: [u64; 5],
    /// Ground glass in each lobe.
    pub ground_glass: [u64; 5],
    /// Consolidation in each lobe.
    pub consolidation: [u64; 5],
}

impl Extent {
    /// Counts `volume` with lesions grown to `grown`.
    pub(crate) fn count(volume: &Volume, grown: (f32, f32)) -> Self {
        let mut extent = Self::default();
        for (index, lobe) in volume.lobe.iter().enumerate().filter(|(_, lobe)| **lobe > 0) {
            let lobe = usize::from(lobe - 1);
            extent.lung[lobe] += 1;
            match volume.lesion(index, grown) {
                Lesion::None => {}
                Lesion::GroundGlass => extent.ground_glass[lobe] += 1,
                Lesion::Consolidation => extent.consolidation[lobe] += 1,
            }
        }
        extent
    }

    /// Diseased share of all lung, 0 to 1.
    pub fn share(&self) -> f64 {
        let lung: u64 = self.lung.iter().sum();
        let diseased: u64 = self.ground_glass.iter().chain(&self.consolidation).sum();
        diseased as f64 / lung.max(1) as f64
    }

    /// Diseased share of one lobe, 0 to 1.
    pub fn lobe_share(&self, lobe: usize) -> f64 {
        (self.ground_glass[lobe] + self.consolidation[lobe]) as f64 / self.lung[lobe].max(1) as f64
    }
}
