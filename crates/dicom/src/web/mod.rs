//! DICOMweb messages (PS3.18): DICOM JSON, multipart bodies, search queries, content negotiation. No HTTP server.

mod accept;
mod json;
mod multipart;
pub mod qido;

pub use accept::{Accept, Framing, Offer};
pub use json::{BulkData, JsonDataSet, to_json, to_json_bytes};
pub use multipart::Multipart;
