//! What the edge remembers: `edge.db` (all SQL of this program) and the files that its rows point into.
//!
//! A stolen `edge.db` shows no names: identities are encrypted under the edge's local key, and columns that
//! are looked up hold keyed fingerprints.

mod accounts;
mod aliases;
mod approvals;
mod clinical;
mod counts;
mod db;
mod decisions;
mod evidence;
#[cfg(test)]
mod golden;
mod instances;
mod journal;
mod linkage;
mod meant;
mod moves;
mod objects;
mod patients;
mod quarantine;
mod recalls;
mod samples;
mod schema;
#[cfg(test)]
mod second_thoughts;
mod segments;
mod self_tests;
mod settle;
mod statements;

pub use accounts::{Account, FAILURES_COUNT_FOR, IDLE, LONGEST, Session};
pub use aliases::Alias;
pub use approvals::ApprovalRow;
pub use clinical::{NewRecord, WaitingNote};
pub use counts::{Counts, Fate};
pub use db::{Db, LookUp, now_us};
pub use decisions::{Decider, Proposal, Released};
pub(crate) use instances::copy_name;
pub use instances::{Arrival, Arrived, HeldInstance, QuietStudy, State};
pub use journal::{Access, Alarm};
pub use linkage::LinkageRow;
pub use meant::{KnownObject, Meant};
pub use objects::{PendingObject, SentObject};
pub use patients::PatientRow;
pub use quarantine::{Kept, KeptFilter, Pile, Shown};
pub use recalls::{NewRecall, Purpose, RecallRow};
pub use samples::{Judged, NewSample, Sample, Verdict};
pub use segments::{Claim, HoldWriter, Location, Segments, Written, write_segment};
pub use self_tests::SelfTestRow;
pub use settle::{NewObject, Settled, Settlement};
pub use statements::{StatementRow, StatementState};
