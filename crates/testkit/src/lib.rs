//! Development only: a throw-away PostgreSQL, foreign tools, failing networks. Ships with nothing.

pub mod postgres;
