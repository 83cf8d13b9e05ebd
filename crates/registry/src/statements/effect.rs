//! Statements whose whole effect is one transaction.

use jiff::Timestamp;
use sumgil_custody::{SigningKey, audit::Entry};
use sumgil_model::SiteId;
use sumgil_transfer::statement::{AnswerBody, Content, Outcome, StatementAnswer, StatementBody};

use crate::{
    audit,
    store::{
        StoreError, Tx, approvals, linkage,
        recalls::{self, NewRecall},
        self_tests, statements,
    },
};

/// A verified statement on its way into the rows.
#[derive(Clone)]
pub(super) struct Work {
    pub(super) body: StatementBody,
    pub(super) row: statements::New,
    pub(super) entry: Entry,
    pub(super) signing: SigningKey,
    pub(super) now: Timestamp,
}

impl Work {
    /// Carries the statement out; its effect, its audit event, its row and its answer are committed together.
    pub(super) async fn commit(self, tx: &mut Tx) -> Result<StatementAnswer, StoreError> {
        let outcome = self.effect(tx).await?;
        let audit_index = audit::append(tx, told(self.entry.clone(), &outcome)).await?;
        statements::add(tx, &self.row, audit_index).await?;
        let answer = answer(&self.body, outcome, audit_index, self.now, &self.signing)?;
        keep(tx, &answer).await?;
        Ok(answer)
    }

    async fn effect(&self, tx: &mut Tx) -> Result<Outcome, StoreError> {
        let (site, number) = (&self.body.site, self.body.number);
        match &self.body.content {
            Content::Recall(recall) => {
                let new = NewRecall {
                    site: site.clone(),
                    number,
                    recall: recall.clone(),
                    who: self.entry.actor.clone(),
                    at: self.now,
                };
                recalls::quarantine(tx, &new).await?;
                let (objects, absent) = recalls::objects(tx, site, number).await?;
                return Ok(Outcome::Quarantined { objects, absent });
            }
            Content::Linkage(tokens) => linkage::set(tx, site, number, tokens, self.now).await?,
            Content::SelfTest(figures) => self_tests::add(tx, site, number, figures).await?,
            Content::Approval(approval) => approvals::add(tx, site, number, approval, self.now).await?,
            Content::Erase(_) | Content::Move(_) => {
                return Err(StoreError::Conflict("an erasure has two steps"));
            }
        }
        Ok(Outcome::Noted)
    }
}

/// The audit event with what came of it: how many objects, and of these how many had been released.
pub(super) fn told(mut entry: Entry, outcome: &Outcome) -> Entry {
    let objects = outcome.objects();
    if !objects.is_empty() {
        let released = objects.iter().filter(|object| !object.recalled_after_release.is_empty()).count();
        entry.after = Some(format!("{} objects, {released} released", objects.len()));
    }
    if let Outcome::Refused { code } = outcome {
        code.as_str().clone_into(&mut entry.outcome);
    }
    entry
}

/// Signs the answer.
pub(super) fn answer(
    statement: &StatementBody,
    result: Outcome,
    audit_index: u64,
    at: Timestamp,
    signing: &SigningKey,
) -> Result<StatementAnswer, StoreError> {
    let body = AnswerBody {
        site: statement.site.clone(),
        number: statement.number,
        statement: statement.digest(),
        at,
        audit_index,
        result,
    };
    body.sign(signing).map_err(|_| StoreError::Conflict("the signing key is refused"))
}

/// Keeps a signed answer with its statement.
pub(super) async fn keep(tx: &mut Tx, answer: &StatementAnswer) -> Result<(), StoreError> {
    let (site, number): (&SiteId, u64) = (&answer.body.site, answer.body.number);
    let text = serde_json::to_string(answer).map_err(|_| StoreError::Corrupt("answer"))?;
    statements::answer(tx, site, number, &text).await
}
