//! Pixels with text burned into them.

mod burn;
mod canvas;
mod encode;
mod faces;
mod lossless;
mod overlay;
mod scenes;

pub(super) use encode::Codec;
pub(super) use faces::Faces;
pub(super) use overlay::overlay;
pub(super) use scenes::{Scene, Texts, image};
