//! Development only: a throw-away PostgreSQL, foreign tools, failing networks, text in this machine's fonts.
//! Ships with nothing.

pub mod postgres;
pub mod typeset;
