//! Approvals of sites' review boards, as the sites state them; the last one counts.

use jiff::Timestamp;
use sumgil_model::SiteId;
use sumgil_transfer::statement::Approval;

use super::{
    StoreError,
    db::{Source, Tx, params},
};

const ADD: &str = "INSERT INTO approval (site_id, number, irb_number, valid_from, valid_until, basis, \
    received_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const LAST: &str = "SELECT irb_number, valid_from, valid_until, basis FROM approval \
    WHERE site_id = $1 ORDER BY number DESC LIMIT 1";

/// Keeps what a site states.
///
/// # Errors
/// A database error.
pub async fn add(
    tx: &mut Tx,
    site: &SiteId,
    number: u64,
    approval: &Approval,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = params![
        site,
        number,
        &approval.irb_number,
        approval.valid_from.to_string(),
        approval.valid_until.to_string(),
        approval.basis.as_str(),
        now,
    ];
    tx.execute(ADD, row).await.map(|_| ())
}

/// What the site stated last.
///
/// # Errors
/// A database error.
pub async fn last(source: impl Source, site: &SiteId) -> Result<Option<Approval>, StoreError> {
    let Some(row) = source.first(LAST.into(), params![site]).await? else { return Ok(None) };
    Ok(Some(Approval {
        irb_number: row.text("irb_number")?,
        valid_from: row.parsed("valid_from")?,
        valid_until: row.parsed("valid_until")?,
        basis: row.parsed("basis")?,
    }))
}
