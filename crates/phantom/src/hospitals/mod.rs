//! Synthetic hospitals on disk: DICOM archives, clinical tables, masks, and the truth for leak tests.

mod archive;
mod clinical;
mod error;
mod masks;
mod plan;
mod readme;
mod truth;
mod write;

pub(crate) use archive::{Archive, Stored};
pub use clinical::{exams_csv, labs_csv, subjects_csv};
pub use error::{PhantomError, Remedy};
pub use plan::{Plan, Progress, SITES, Summary};
pub(crate) use truth::truth;
pub use truth::{Identifier, TrueStudy, Truth};
pub use write::write;
