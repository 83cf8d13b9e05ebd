//! Events on their way into the log: written in the transaction of what they tell of, or before a byte leaves.

use std::net::IpAddr;

use jiff::Timestamp;
use sumgil_custody::audit::{Entry, Tail};

use crate::store::{
    Db, StoreError, Tx,
    audit::{self, AuditHead, AuditLink},
};

/// Who did it, from where, under which request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// A user's name, `site:CODE`, or `system`.
    pub name: String,
    /// In which role: a role's word, `site` or `operator`.
    pub role: String,
    /// The network address that the request came from.
    pub origin: Option<IpAddr>,
    /// The request's id.
    pub request: Option<String>,
}

impl Actor {
    /// Whoever runs a command at the centre's machine.
    pub fn console() -> Self {
        Self { name: "console".to_owned(), role: "operator".to_owned(), origin: None, request: None }
    }

    /// An event of this actor, with outcome `ok`.
    pub fn did(&self, action: &str, now: Timestamp) -> Entry {
        Entry {
            origin: self.origin.map(|ip| ip.to_string()),
            request: self.request.clone(),
            ..Entry::new(now, &self.name, &self.role, action)
        }
    }
}

/// Appends an event in the transaction of what it tells of; answers its number.
///
/// # Errors
/// When the database fails: then what it tells of does not happen either.
pub async fn append(tx: &mut Tx, entry: Entry) -> Result<u64, StoreError> {
    audit::append(tx, move |head| link(head, entry)).await
}

/// Writes one event by itself; it is durable when this returns.
///
/// # Errors
/// When the database fails: then what it tells of must not happen.
pub async fn record(db: &Db, entry: Entry) -> Result<u64, StoreError> {
    db.write(move |tx| Box::pin(append(tx, entry))).await
}

/// Links an event to the end of the chain.
///
/// # Errors
/// When the chain's end is unreadable.
pub(crate) fn link(head: &AuditHead, entry: Entry) -> Result<AuditLink, StoreError> {
    let at = entry.at;
    let mut tail = Tail { next: head.next_sequence, previous: [0; 32] };
    if let Some(hash) = &head.last_hash {
        tail.previous = hash.as_slice().try_into().map_err(|_| StoreError::Corrupt("hash"))?;
    }
    let line = tail.append(entry).map_err(|_| StoreError::Corrupt("line"))?;
    Ok(AuditLink { at, line: line.text, hash: line.hash.to_vec() })
}
