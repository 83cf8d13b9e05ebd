//! What the edge remembers: `edge.db` (all SQL of this program) and the files that its rows point into.
//!
//! A stolen `edge.db` shows no names: identities are encrypted under the edge's local key, and columns that
//! are looked up hold keyed fingerprints.

mod clinical;
mod counts;
mod db;
#[cfg(test)]
mod golden;
mod instances;
mod journal;
mod objects;
mod patients;
mod quarantine;
mod schema;
mod segments;
mod settle;

pub use clinical::{NewRecord, WaitingNote};
pub use counts::{Counts, Fate};
pub use db::{Db, LookUp, now_us};
pub(crate) use instances::copy_name;
pub use instances::{Arrival, Arrived, HeldInstance, QuietStudy, State};
pub use journal::{Access, Alarm};
pub use objects::{PendingObject, SentObject};
pub use patients::PatientRow;
pub use quarantine::{Kept, KeptFilter};
pub use segments::{Claim, HoldWriter, Location, Segments, Written, write_segment};
pub use settle::{NewObject, Settled, Settlement};
