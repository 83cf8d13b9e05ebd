//! Tokens: one-time ones that enrol an edge, and credentials of users and sites. Only hashes are kept.

use jiff::Timestamp;
use sumgil_model::SiteId;

use super::{
    StoreError,
    db::{Row, Source, Tx, params},
};

/// Who holds a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person.
    User {
        /// Login name.
        name: String,
        /// What the person may do.
        role: String,
        /// The site whose data alone the person may see; all sites when absent.
        site: Option<SiteId>,
    },
    /// A site's edge.
    Site(SiteId),
}

const ADD_ENROL: &str =
    "INSERT INTO enrol_token (hash, site_id, created_at, expires_at) VALUES ($1, $2, $3, $4)";
const REDEEM: &str = "UPDATE enrol_token SET used_at = $2 \
    WHERE hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING site_id";
const ADD_FOR_USER: &str = "INSERT INTO credential (hash, user_name, label, created_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5)";
const ADD_FOR_SITE: &str = "INSERT INTO credential (hash, site_id, label, created_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5)";
const HOLDER: &str = "SELECT c.site_id AS edge_site_id, u.name, u.role, u.site_id AS user_site_id \
    FROM credential c \
    LEFT JOIN user_account u ON u.name = c.user_name \
    LEFT JOIN site s ON s.id = c.site_id \
    WHERE c.hash = $1 AND c.revoked_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $2) \
    AND u.disabled_at IS NULL AND s.closed_at IS NULL";
const REVOKE: &str = "UPDATE credential SET revoked_at = $2 WHERE hash = $1 AND revoked_at IS NULL";
const REVOKE_OF_SITE: &str =
    "UPDATE credential SET revoked_at = $2 WHERE site_id = $1 AND revoked_at IS NULL";

/// Keeps the hash of a one-time enrolment token.
///
/// # Errors
/// A database error.
pub async fn add_enrol_token(
    tx: &mut Tx,
    hash: &[u8],
    site: &SiteId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(ADD_ENROL, params![hash, site, now, expires_at]).await.map(|_| ())
}

/// Uses up a one-time token: the site that it enrols, or `None` when it is unknown, used or expired.
///
/// # Errors
/// A database error.
pub async fn redeem_enrol_token(
    tx: &mut Tx,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<SiteId>, StoreError> {
    tx.first(REDEEM.into(), params![hash, now]).await?.map(|row| row.parsed("site_id")).transpose()
}

/// Keeps the hash of a user's token. `label` says what it is for.
///
/// # Errors
/// A database error; an unknown user breaks a foreign key.
pub async fn add_for_user(
    tx: &mut Tx,
    hash: &[u8],
    user: &str,
    label: &str,
    now: Timestamp,
    expires_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    tx.execute(ADD_FOR_USER, params![hash, user, label, now, expires_at]).await.map(|_| ())
}

/// Keeps the hash of an edge's credential.
///
/// # Errors
/// A database error; an unknown site breaks a foreign key.
pub async fn add_for_site(
    tx: &mut Tx,
    hash: &[u8],
    site: &SiteId,
    label: &str,
    now: Timestamp,
    expires_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    tx.execute(ADD_FOR_SITE, params![hash, site, label, now, expires_at]).await.map(|_| ())
}

/// Who holds the credential with this hash. `None` when it is unknown, expired or revoked, its user is
/// disabled or its site is closed.
///
/// # Errors
/// A database error.
pub async fn holder(source: impl Source, hash: &[u8], now: Timestamp) -> Result<Option<Holder>, StoreError> {
    source.first(HOLDER.into(), params![hash, now]).await?.map(|row| read(&row)).transpose()
}

/// Revokes one credential; says whether there was one to revoke.
///
/// # Errors
/// A database error.
pub async fn revoke(tx: &mut Tx, hash: &[u8], now: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.execute(REVOKE, params![hash, now]).await? > 0)
}

/// Revokes every credential of a site, as a new enrolment of its edge does; says how many.
///
/// # Errors
/// A database error.
pub async fn revoke_of_site(tx: &mut Tx, site: &SiteId, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute(REVOKE_OF_SITE, params![site, now]).await
}

fn read(row: &Row) -> Result<Holder, StoreError> {
    if let Some(site) = row.optional_parsed("edge_site_id")? {
        return Ok(Holder::Site(site));
    }
    Ok(Holder::User {
        name: row.text("name")?,
        role: row.text("role")?,
        site: row.optional_parsed("user_site_id")?,
    })
}
