//! The chain: appending and verifying.

use super::{
    event::{Entry, Event},
    merkle::{Frontier, Hash, leaf_hash},
};
use crate::error::CustodyError;

/// The end of the log: all that is needed to append. Keep it with the log and update both in one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Tail {
    /// The sequence number of the next event, which is also the number of events.
    pub next: u64,
    /// The leaf hash of the last line; zeros when there is none.
    pub previous: Hash,
}

/// A line made by [`Tail::append`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its sequence number: the audit index in receipts.
    pub sequence: u64,
    /// The line, without a line feed.
    pub text: String,
    /// Its leaf hash.
    pub hash: Hash,
}

impl Tail {
    /// The tail after a line that is already stored.
    pub fn after(sequence: u64, hash: Hash) -> Self {
        Self { next: sequence + 1, previous: hash }
    }

    /// Makes the next line and moves on.
    ///
    /// # Errors
    /// As [`Event::to_line`]; the tail stays.
    pub fn append(&mut self, entry: Entry) -> Result<Line, CustodyError> {
        let event = Event { sequence: self.next, previous: self.previous, entry };
        let text = event.to_line()?;
        let hash = leaf_hash(text.as_bytes());
        *self = Self::after(event.sequence, hash);
        Ok(Line { sequence: event.sequence, text, hash })
    }
}

/// What a verified log amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Its end.
    pub tail: Tail,
    /// The Merkle root over all lines.
    pub root: Hash,
}

/// Verifies a whole log, line by line: numbers without a gap, an unbroken chain, canonical lines.
///
/// # Errors
/// [`CustodyError::AuditBroken`] at the first line that is wrong.
pub fn verify<S: AsRef<str>>(lines: impl IntoIterator<Item = S>) -> Result<Summary, CustodyError> {
    let mut tail = Tail::default();
    let mut frontier = Frontier::default();
    for line in lines {
        let broken = |what| CustodyError::AuditBroken { line: tail.next, what };
        let event = Event::from_line(line.as_ref()).map_err(|_| broken("not a canonical line"))?;
        if event.sequence != tail.next {
            return Err(broken("sequence number missing or repeated"));
        }
        if event.previous != tail.previous {
            return Err(broken("the line before was altered"));
        }
        let hash = leaf_hash(line.as_ref().as_bytes());
        frontier.push(hash);
        tail = Tail::after(event.sequence, hash);
    }
    Ok(Summary { tail, root: frontier.root() })
}
