//! Searches of the DICOM index, as QIDO-RS asks for them (PS3.18 section 10.6).

mod filter;
mod find;
mod read;

pub use filter::{Attribute, Filter, Level, MOST_VALUES, Query, Test};
pub use find::{InstanceMatch, SeriesMatch, StudyMatch, instances, series, studies};
