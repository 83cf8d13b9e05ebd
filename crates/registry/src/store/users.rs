//! People who use the registry.

use jiff::Timestamp;
use sumgil_model::SiteId;

use super::{
    StoreError,
    db::{Row, Source, Tx, params},
};

/// A person's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Login name.
    pub name: String,
    /// What the person may do; the words are the registry's.
    pub role: String,
    /// The site whose data alone the person may see; all sites when absent.
    pub site: Option<SiteId>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it was disabled.
    pub disabled_at: Option<Timestamp>,
}

const ADD: &str = "INSERT INTO user_account (name, role, site_id, created_at) VALUES ($1, $2, $3, $4)";
const FIND: &str = "SELECT name, role, site_id, created_at, disabled_at FROM user_account WHERE name = $1";
const LIST: &str = "SELECT name, role, site_id, created_at, disabled_at FROM user_account ORDER BY name";
const DISABLE: &str = "UPDATE user_account SET disabled_at = $2 WHERE name = $1 AND disabled_at IS NULL";

/// Adds an account.
///
/// # Errors
/// [`StoreError::Conflict`] when the name is taken.
pub async fn add(
    tx: &mut Tx,
    name: &str,
    role: &str,
    site: Option<&SiteId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    match tx.execute(ADD, params![name, role, site, now]).await {
        Err(error) if error.is_duplicate() => Err(StoreError::Conflict("the user name is taken")),
        other => other.map(|_| ()),
    }
}

/// The account with this name.
///
/// # Errors
/// A database error.
pub async fn find(source: impl Source, name: &str) -> Result<Option<User>, StoreError> {
    source.first(FIND.into(), params![name]).await?.map(|row| read(&row)).transpose()
}

/// Every account, by name.
///
/// # Errors
/// A database error.
pub async fn list(source: impl Source) -> Result<Vec<User>, StoreError> {
    source.all(LIST.into(), params![]).await?.iter().map(read).collect()
}

/// Disables an account: its tokens open nothing any more.
///
/// # Errors
/// [`StoreError::NotFound`] for an account that is unknown or disabled already.
pub async fn disable(tx: &mut Tx, name: &str, now: Timestamp) -> Result<(), StoreError> {
    match tx.execute(DISABLE, params![name, now]).await? {
        0 => Err(StoreError::NotFound("enabled user")),
        _ => Ok(()),
    }
}

fn read(row: &Row) -> Result<User, StoreError> {
    Ok(User {
        name: row.text("name")?,
        role: row.text("role")?,
        site: row.optional_parsed("site_id")?,
        created_at: row.time("created_at")?,
        disabled_at: row.optional_time("disabled_at")?,
    })
}
