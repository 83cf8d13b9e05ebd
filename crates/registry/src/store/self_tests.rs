//! Figures of sites' self-tests, one row a run.

use sumgil_model::SiteId;
use sumgil_transfer::statement::SelfTestFigures;

use super::{
    StoreError,
    db::{Row, Source, Tx, params},
};

macro_rules! columns {
    () => {
        "ran_at, profile, software, files, cleared, kept, planted, hidden, should_stay, stayed"
    };
}
const ADD: &str = concat!(
    "INSERT INTO self_test (site_id, number, ",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
);
const LAST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM self_test WHERE site_id = $1 ORDER BY ran_at DESC, number DESC LIMIT $2"
);

/// Keeps the figures of a run.
///
/// # Errors
/// A database error.
pub async fn add(
    tx: &mut Tx,
    site: &SiteId,
    number: u64,
    figures: &SelfTestFigures,
) -> Result<(), StoreError> {
    let row = params![
        site,
        number,
        figures.ran_at,
        &figures.profile,
        &figures.software,
        figures.files,
        figures.cleared,
        figures.kept,
        figures.planted,
        figures.hidden,
        figures.should_stay,
        figures.stayed,
    ];
    tx.execute(ADD, row).await.map(|_| ())
}

/// The last `limit` runs of a site, newest first.
///
/// # Errors
/// A database error.
pub async fn last(
    source: impl Source,
    site: &SiteId,
    limit: u32,
) -> Result<Vec<SelfTestFigures>, StoreError> {
    source.all(LAST.into(), params![site, limit]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<SelfTestFigures, StoreError> {
    Ok(SelfTestFigures {
        ran_at: row.time("ran_at")?,
        profile: row.text("profile")?,
        software: row.text("software")?,
        files: row.unsigned("files")?,
        cleared: row.unsigned("cleared")?,
        kept: row.unsigned("kept")?,
        planted: row.unsigned("planted")?,
        hidden: row.unsigned("hidden")?,
        should_stay: row.unsigned("should_stay")?,
        stayed: row.unsigned("stayed")?,
    })
}
