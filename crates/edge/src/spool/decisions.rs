//! What a person decides about an instance in quarantine: release with masks, a second person's word, discard.

use serde::Serialize;
use serde_json::json;
use sqlx::{Row, Sqlite, Transaction};
use sumgil_dicom::pixels::Region;

use crate::EdgeError;

use super::{
    Db, Kept,
    instances::{overrule_of, split_codes},
    now_us,
};

/// Who decides, why, and by which rule.
#[derive(Clone, Debug)]
pub struct Decider<'a> {
    /// The account.
    pub who: &'a str,
    /// The account's note, for the log. It may name a patient, so it is kept encrypted.
    pub note: &'a str,
    /// Whether a release needs another person's word.
    pub two_persons: bool,
}

/// What a release came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Released {
    /// It goes through the pipeline once more.
    Released,
    /// It waits for another person.
    Proposed,
    /// The same person cannot second it.
    SamePerson,
    /// There is nothing to release: somebody has decided meanwhile, or has proposed something else.
    Gone,
}

/// A release that waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The instance.
    pub instance: i64,
    /// When, microseconds UTC; also tells one proposal from the next.
    pub at: i64,
    /// Who proposes.
    pub who: String,
    /// Where the pixels are to be blacked out; `None`: where the detector finds text.
    pub masks: Option<Vec<Region>>,
}

const QUARANTINED: &str = "SELECT reasons, overrule FROM instances WHERE id = ?1 AND state = 'quarantined'";

const RELEASE: &str = "
UPDATE instances SET state = 'held', ready = 1, overrule = ?2, released_at = ?3, released_by = ?4, seconded_by = ?5
WHERE state = 'quarantined' AND id = ?1";

const PROPOSE: &str = "
INSERT INTO proposals (instance, at, who, masks) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (instance) DO UPDATE SET at = excluded.at, who = excluded.who, masks = excluded.masks";

const PROPOSALS: &str = "
SELECT instance, at, who, masks FROM proposals
WHERE ?1 = '[]' OR instance IN (SELECT value FROM json_each(?1)) ORDER BY at";

const FORGET_PROPOSALS: &str = "DELETE FROM proposals WHERE instance IN (SELECT value FROM json_each(?1))";

const DISCARD: &str = "
UPDATE instances SET state = 'discarded', decided_at = ?2, segment = NULL, offset = NULL, length = NULL
WHERE state IN ('quarantined', 'refused', 'waiting') AND id IN (SELECT value FROM json_each(?1))";

impl Db {
    /// Sends quarantined instances back into the pipeline with their reasons overruled by a person.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn release(&self, ids: &[i64], who: &str) -> Result<u64, EdgeError> {
        let by = Decider { who, note: "", two_persons: false };
        let done = self.release_with(ids, None, &by).await?;
        Ok(done.iter().filter(|(_, to)| *to == Released::Released).count() as u64)
    }

    /// Releases instances with their pixels blacked out at `masks` (`None`: where the detector finds text), or
    /// proposes it where two persons have to agree.
    ///
    /// # Errors
    /// [`EdgeError::Database`]: then nothing has changed.
    pub async fn release_with(
        &self,
        ids: &[i64],
        masks: Option<&[Region]>,
        by: &Decider<'_>,
    ) -> Result<Vec<(i64, Released)>, EdgeError> {
        let mut tx = self.begin().await?;
        let mut results = Vec::with_capacity(ids.len());
        for id in ids {
            let result = match by.two_persons {
                true => propose(&mut tx, *id, masks, by.who).await?,
                false => release_one(&mut tx, *id, masks, by.who, "").await?,
            };
            results.push((*id, result));
        }
        let what = if by.two_persons { "quarantine propose" } else { "quarantine release" };
        let done: Vec<i64> = results.iter().filter(|r| r.1 != Released::Gone).map(|r| r.0).collect();
        let detail = json!({ "ids": done, "masks": masks, "note": by.note });
        self.record_access_in(&mut tx, by.who, what, &detail.to_string()).await?;
        tx.commit().await?;
        Ok(results)
    }

    /// The second person's word: releases exactly what was proposed at `at`.
    ///
    /// # Errors
    /// [`EdgeError::Database`]: then nothing has changed.
    pub async fn second(&self, id: i64, at: i64, by: &Decider<'_>) -> Result<Released, EdgeError> {
        let mut tx = self.begin().await?;
        let list = json!([id]).to_string();
        let row = sqlx::query(PROPOSALS).bind(&list).fetch_optional(&mut *tx).await?;
        let Some(proposal) = row.map(|row| proposal(&row)).transpose()?.filter(|p| p.at == at) else {
            return Ok(Released::Gone);
        };
        if proposal.who == by.who {
            return Ok(Released::SamePerson);
        }
        let masks = proposal.masks.as_deref();
        let result = release_one(&mut tx, id, masks, &proposal.who, by.who).await?;
        let detail = json!({ "ids": [id], "masks": masks, "first": proposal.who, "note": by.note });
        self.record_access_in(&mut tx, by.who, "quarantine confirm", &detail.to_string()).await?;
        tx.commit().await?;
        Ok(result)
    }

    /// The releases that wait for a second person, of these instances or (empty) of all.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn proposals(&self, ids: &[i64]) -> Result<Vec<Proposal>, EdgeError> {
        let list = serde_json::Value::from(ids).to_string();
        let rows = sqlx::query(PROPOSALS).bind(list).fetch_all(self.reader()).await?;
        rows.iter().map(proposal).collect()
    }

    /// Throws kept instances away. Returns how many, and the segments that may now be unused.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn discard(&self, kept: &[Kept], who: &str) -> Result<(u64, Vec<String>), EdgeError> {
        self.discard_because(kept, &Decider { who, note: "", two_persons: false }).await
    }

    /// Throws kept instances away, with a note for the log.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn discard_because(
        &self,
        kept: &[Kept],
        by: &Decider<'_>,
    ) -> Result<(u64, Vec<String>), EdgeError> {
        let ids: Vec<i64> = kept.iter().map(|k| k.id).collect();
        let list = serde_json::Value::from(ids.as_slice()).to_string();
        let mut tx = self.begin().await?;
        let done = sqlx::query(DISCARD).bind(&list).bind(now_us()).execute(&mut *tx).await?.rows_affected();
        sqlx::query(FORGET_PROPOSALS).bind(&list).execute(&mut *tx).await?;
        let detail = json!({ "ids": ids, "note": by.note }).to_string();
        self.record_access_in(&mut tx, by.who, "quarantine discard", &detail).await?;
        tx.commit().await?;
        let mut segments: Vec<String> = kept.iter().map(|k| k.location.segment.clone()).collect();
        segments.sort();
        segments.dedup();
        Ok((done, segments))
    }
}

/// What was decided before holds on: its reasons always, its masks unless there are new ones.
async fn release_one(
    tx: &mut Transaction<'_, Sqlite>,
    id: i64,
    masks: Option<&[Region]>,
    who: &str,
    second: &str,
) -> Result<Released, EdgeError> {
    let Some(row) = sqlx::query(QUARANTINED).bind(id).fetch_optional(&mut **tx).await? else {
        return Ok(Released::Gone);
    };
    let reasons = split_codes(row.get("reasons"));
    let mut overrule = overrule_of(row.get("overrule"))?.and(reasons.iter().map(String::as_str));
    if let Some(masks) = masks {
        overrule = overrule.with_masks(masks.to_vec());
    }
    sqlx::query(RELEASE)
        .bind(id)
        .bind(text(&overrule)?)
        .bind(now_us())
        .bind(who)
        .bind(second)
        .execute(&mut **tx)
        .await?;
    sqlx::query(FORGET_PROPOSALS).bind(json!([id]).to_string()).execute(&mut **tx).await?;
    Ok(Released::Released)
}

async fn propose(
    tx: &mut Transaction<'_, Sqlite>,
    id: i64,
    masks: Option<&[Region]>,
    who: &str,
) -> Result<Released, EdgeError> {
    if sqlx::query(QUARANTINED).bind(id).fetch_optional(&mut **tx).await?.is_none() {
        return Ok(Released::Gone);
    }
    let masks = masks.map(|m| text(&m)).transpose()?;
    sqlx::query(PROPOSE).bind(id).bind(now_us()).bind(who).bind(masks).execute(&mut **tx).await?;
    Ok(Released::Proposed)
}

fn proposal(row: &sqlx::sqlite::SqliteRow) -> Result<Proposal, EdgeError> {
    let masks: Option<&str> = row.get("masks");
    let damaged = |_| EdgeError::Damaged("a proposal's row");
    Ok(Proposal {
        instance: row.get("instance"),
        at: row.get("at"),
        who: row.get("who"),
        masks: masks.map(serde_json::from_str).transpose().map_err(damaged)?,
    })
}

fn text(value: &impl Serialize) -> Result<String, EdgeError> {
    serde_json::to_string(value).map_err(|_| EdgeError::Damaged("a decision could not be written"))
}
