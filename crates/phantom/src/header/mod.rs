//! Headers as the makers of S13 and S14 write them, with planted identifiers.

mod builder;
mod common;
mod ct;
mod dose;
mod plant;
mod private;
mod radiograph;
mod rle;

pub(crate) use builder::Header;
pub(crate) use common::Place;
pub(crate) use ct::{CtImage, ct_image, localiser};
pub(crate) use dose::{dose_screen, dose_structured};
pub(crate) use radiograph::radiograph;
pub use rle::encode as encode_rle;
