//! Tokens of subjects' national numbers: equal tokens are one person, and say nothing else.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sumgil_model::{LinkageToken, SiteId, SubjectId};
use sumgil_transfer::statement::Linkage;

use super::{
    StoreError,
    db::{Source, Tx, params},
};

/// Subjects that have the same token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Names the secret under which the token was made.
    pub secret_id: LinkageToken,
    /// The token.
    pub token: LinkageToken,
    /// Two or more subjects, with their sites.
    pub subjects: Vec<(SiteId, SubjectId)>,
}

/// A later statement replaces what an earlier one said, in whatever order they come.
const SET: &str = "INSERT INTO subject_link (site_id, subject_id, secret_id, token, number, received_at) \
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (site_id, subject_id) DO UPDATE \
    SET secret_id = excluded.secret_id, token = excluded.token, number = excluded.number, \
    received_at = excluded.received_at WHERE subject_link.number < excluded.number";
const GROUPS: &str = "SELECT l.secret_id, l.token, l.site_id, l.subject_id FROM subject_link l \
    WHERE EXISTS (SELECT 1 FROM subject_link o WHERE o.secret_id = l.secret_id AND o.token = l.token \
    AND (o.site_id <> l.site_id OR o.subject_id <> l.subject_id)) \
    ORDER BY l.secret_id, l.token, l.site_id, l.subject_id";

/// Keeps the tokens of a statement.
///
/// # Errors
/// A database error.
pub async fn set(
    tx: &mut Tx,
    site: &SiteId,
    number: u64,
    linkage: &Linkage,
    now: Timestamp,
) -> Result<(), StoreError> {
    for linked in &linkage.subjects {
        let row =
            params![site, &linked.subject, linkage.secret_id.as_str(), linked.token.as_str(), number, now,];
        tx.execute(SET, row).await?;
    }
    Ok(())
}

/// Every group of subjects with the same token.
///
/// # Errors
/// A database error.
pub async fn groups(source: impl Source) -> Result<Vec<Group>, StoreError> {
    let mut groups: BTreeMap<(LinkageToken, LinkageToken), Vec<(SiteId, SubjectId)>> = BTreeMap::new();
    for row in source.all(GROUPS.into(), params![]).await? {
        let key = (row.parsed("secret_id")?, row.parsed("token")?);
        groups.entry(key).or_default().push((row.parsed("site_id")?, row.parsed("subject_id")?));
    }
    let grouped =
        groups.into_iter().map(|((secret_id, token), subjects)| Group { secret_id, token, subjects });
    Ok(grouped.collect())
}
