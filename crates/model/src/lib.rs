//! The vocabulary of Sumgil: typed identifiers, UIDs, clinical values with unit and missing-reason,
//! exams and the equipment that made them.
//!
//! This crate does no input or output and knows no clock, no file and no source of randomness. Every other
//! crate speaks these words, so that a site cannot be passed where a subject is meant and a missing value
//! cannot pass for a number.

mod clinical;
mod equipment;
mod exam;
mod id;
mod uid;
mod value;

pub use clinical::{ClinicalRecord, ExamNote, Observation, Sex, Stay, Variable};
pub use equipment::{Equipment, Maker};
pub use exam::{ExamKind, Indication, Setting};
pub use id::{IdError, LinkageToken, ObjectDigest, ProtocolId, SiteId, SubjectId};
pub use uid::{
    Any, FrameOfReference, Instance, Series, SopClass, Study, TransferSyntax, Uid, UidError, UidKind,
};
pub use value::{Measured, MissingReason, Quantity, ReferenceRange, Value};
