//! Signed statements of a site beside its objects, and the registry's signed answers: recalls and their
//! certificates, moves between subjects, linkage tokens, self-test figures, approvals.
//!
//! The wire form is written down in `docs/spec/statements.md`.

mod answer;
mod content;
mod fields;
mod figures;
mod message;

pub use answer::{AnswerBody, Outcome, RecalledObject, StatementAnswer, StatementRefusal};
pub use content::{
    Content, Erase, Linkage, LinkedSubject, MAX_OBJECTS, MAX_PAIRS, MAX_TARGETS, Move, MovedObject, Recall,
    RecallReason, RecallTarget,
};
pub use figures::{Approval, LegalBasis, SelfTestFigures};
pub use message::{Statement, StatementBody};
