//! The registry's half: one [`Upload`] per site and object, from the first offer to the signed receipt.

mod event;
mod machine;

pub use event::{Action, Event, RequestId, Standing, Verdict};
pub use machine::Upload;
