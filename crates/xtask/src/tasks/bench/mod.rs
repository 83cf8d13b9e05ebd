//! What Sumgil costs beside its peers: receiving beside Orthanc, de-identifying beside tools in Python.

mod deid;
mod ingest;
mod options;
mod process;
mod rates;

pub use options::{Options, run};
