//! The rows that statistics count: subjects from the clinical tables, exams from received DICOM rows alone.

mod exams;
mod image;
mod subjects;

pub use exams::{Exams, exams};
pub use image::{Image, View, ct_image, cxr_view};
pub use subjects::subjects;
