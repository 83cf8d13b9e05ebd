//! Ingest beside Orthanc: the same files, the same sender, interleaved rounds, medians and ratios.
//!
//! The edge holds every instance encrypted and fsynced before it answers, then de-identifies and seals it; its
//! processor time is taken up to the sealed spool. Orthanc (Debian's, SQLite, `TCP_NODELAY=1`) stores plainly.

mod measure;
mod orthanc;
mod report;
mod rounds;

pub(super) use rounds::{Options, run};
