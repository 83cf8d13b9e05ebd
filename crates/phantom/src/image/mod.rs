//! Images from procedural anatomy: one chest a person, its lesions of the day, CT slices and radiographs.

mod anatomy;
mod chest;
mod extent;
mod font;
mod lesion;
mod noise;
mod projection;
mod volume;

pub use anatomy::LOBES;
pub use chest::ImageSize;
pub(crate) use chest::{CT_FIELD_MM, DETECTOR_MM};
pub(crate) use chest::{Chest, CtSeries};
pub use extent::Extent;
pub(crate) use font::draw_text;
pub(crate) use noise::Noise;
pub(crate) use volume::Grid;
