//! The edge's half: one [`Sender`] for the whole spool.

mod backoff;
mod event;
mod item;
mod machine;
mod queue;

pub use backoff::Backoff;
pub use event::{Action, Config, Event, RequestId};
pub use item::Item;
pub use machine::Sender;
