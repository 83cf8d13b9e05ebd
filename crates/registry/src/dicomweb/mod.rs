//! DICOMweb as the centre offers it: QIDO-RS and WADO-RS. No STOW: objects come in by the upload protocol alone.

mod body;
mod bulkdata;
mod frames;
mod matches;
mod metadata;
mod open;
mod path;
mod qido;
mod request;
mod router;
mod syntax;
mod wado;

pub(crate) use request::ROOT;
pub(crate) use router::router;
