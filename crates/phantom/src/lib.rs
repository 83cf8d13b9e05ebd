//! Synthetic hospitals: patients, images, clinical courses and planted identifiers.
//!
//! Everything is invented. The margins of the published KICC-19 cohort come out exactly, and within them
//! severity, oxygen, laboratory results, dates and outcome depend on lesion extent, age and disease by the
//! coefficients of `docs/phantom.md`, with noise.

pub mod cohort;
mod header;
pub mod hospitals;
mod image;
mod margins;
pub mod picture;
mod random;
pub mod selftest;

pub use header::encode_rle;
pub use image::{Extent, ImageSize, LOBES};
pub use margins::Margins;
