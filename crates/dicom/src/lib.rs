//! DICOM for Sumgil: hostile input is read inside limits, what leaves is written anew.
//!
//! - [`screen`] walks the bytes once, without recursion and without big allocations, before the recursive
//!   parser of dicom-rs sees them. [`read`] screens, parses and turns every text into Unicode.
//! - [`write()`] makes a file with a zero preamble and fresh file meta information.
//! - [`net`] and [`web`] speak the DICOM network and DICOMweb.

pub mod access;
pub mod charset;
pub mod checker;
pub mod confidentiality;
mod decoder;
mod encoding;
pub mod frames;
mod limits;
pub mod net;
mod part10;
pub mod pixels;
mod read;
mod refusal;
mod screen;
mod unknown;
mod walk;
pub mod web;
mod write;

pub use dicom_core;
pub use dicom_dictionary_std as dictionary;
pub use dicom_object;
pub use limits::Limits;
pub use part10::declared_transfer_syntax;
pub use read::{Part10, read, read_data_set, read_without_pixels};
pub use refusal::{Refusal, Remedy};
pub use screen::{Screened, screen, screen_data_set};
pub use unknown::items_of_unknown;
pub use write::{WriteError, implementation, wrap_as_part10, write};

/// A data set in memory: text is Unicode, binary words (OW, OL, OF, OD, OV) are little-endian bytes.
pub type DataSet = dicom_object::InMemDicomObject;
