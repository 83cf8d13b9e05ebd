//! The main job, whole: seventeen invented hospitals send, patients are hidden, the centre keeps and counts.

mod hospitals;
mod report;
mod run;
mod send;

pub use hospitals::{Hospital, dicom_files, invent, invent_slices};
pub use run::{Cohort, Options, run, stage};
pub use send::{store_all, store_all_as, store_one};
