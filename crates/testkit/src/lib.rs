//! Development only: a throw-away PostgreSQL, foreign tools, text in this machine's fonts, planted identifiers.
//! Ships with nothing.

pub mod corpus;
pub mod postgres;
pub mod typeset;
