//! De-identification beside dicognito and dicom-anonymizer: the same files, one thread each, interleaved rounds.
//!
//! Slices of a CT are headers above all: no text is looked for in them. In radiographs the edge looks for burned-in
//! text; the peers do not look at pixels. All three write every file they pass; the edge also makes it durable.

mod files;
mod report;
mod rounds;
mod target;

pub(super) use rounds::{Options, run};
