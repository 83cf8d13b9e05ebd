//! The audit log's rows. What a line says and how the chain is hashed is `custody`'s; the store numbers the
//! lines and keeps them in the same transaction as the change that they tell of.

use jiff::Timestamp;

use super::{
    StoreError,
    db::{Row, Source, Tx, params},
};

/// Where the chain stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// The number of the line to come: 0 for the first.
    pub next_sequence: u64,
    /// The hash of the last line; none before the first.
    pub last_hash: Option<Vec<u8>>,
}

/// A line as it is linked into the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLink {
    /// When it happened.
    pub at: Timestamp,
    /// The event, as canonical JSON.
    pub line: String,
    /// The hash that covers this line and all before it.
    pub hash: Vec<u8>,
}

/// A line as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number.
    pub sequence: u64,
    /// When it happened.
    pub at: Timestamp,
    /// The event, as canonical JSON.
    pub line: String,
    /// The hash that covers this line and all before it.
    pub hash: Vec<u8>,
}

/// One process at a time on PostgreSQL, as SQLite has it by itself: sequence numbers have no gaps.
const LOCK_POSTGRES: &str = "LOCK TABLE audit IN EXCLUSIVE MODE";
const LAST: &str = "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1";
const APPEND: &str = "INSERT INTO audit (sequence, at, line, hash) VALUES ($1, $2, $3, $4)";
const PAGE: &str =
    "SELECT sequence, at, line, hash FROM audit WHERE sequence >= $1 ORDER BY sequence LIMIT $2";

/// Where the chain stands now.
///
/// # Errors
/// A database error.
pub async fn head(source: impl Source) -> Result<AuditHead, StoreError> {
    Ok(match source.first(LAST.into(), params![]).await? {
        Some(row) => {
            AuditHead { next_sequence: row.unsigned("sequence")? + 1, last_hash: Some(row.blob("hash")?) }
        }
        None => AuditHead { next_sequence: 0, last_hash: None },
    })
}

/// Appends the line that `link` makes for its place in the chain; answers its number.
///
/// # Errors
/// A database error, or that of `link`: nothing of the transaction happens then.
pub async fn append(
    tx: &mut Tx,
    link: impl FnOnce(&AuditHead) -> Result<AuditLink, StoreError> + Send,
) -> Result<u64, StoreError> {
    if let Tx::Postgres(_) = tx {
        tx.execute(LOCK_POSTGRES, params![]).await?;
    }
    let head = head(&mut *tx).await?;
    let AuditLink { at, line, hash } = link(&head)?;
    tx.execute(APPEND, params![head.next_sequence, at, line, hash]).await?;
    Ok(head.next_sequence)
}

/// At most `limit` lines from number `from` on.
///
/// # Errors
/// A database error.
pub async fn page(source: impl Source, from: u64, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
    source.all(PAGE.into(), params![from, limit]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        sequence: row.unsigned("sequence")?,
        at: row.time("at")?,
        line: row.text("line")?,
        hash: row.blob("hash")?,
    })
}
