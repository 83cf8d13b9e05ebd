//! Erasure: keys are destroyed and committed first, then the files are deleted and their directories synced, and
//! only then the certificate is signed. A crash in between is made good when the site asks again.

use sumgil_transfer::statement::{Content, Outcome, RecalledObject, StatementAnswer, StatementRefusal};

use super::effect::{Work, answer, keep, told};
use crate::{
    Error, Registry, audit,
    store::{StoreError, Tx, recalls, statements},
};

/// What the first step came to.
pub(super) enum Begun {
    /// The statement has no effect; this is its answer.
    Refused(StatementAnswer),
    /// The keys are destroyed; the files are to go.
    KeysDestroyed,
}

impl Work {
    /// The number of the recall whose objects are erased.
    pub(super) fn recall(&self) -> Option<u64> {
        match &self.body.content {
            Content::Erase(erase) => Some(erase.recall),
            Content::Move(moved) => Some(moved.recall),
            _ => None,
        }
    }

    /// First step: keys and audit event, in one transaction.
    pub(super) async fn begin_erasure(self, tx: &mut Tx) -> Result<Begun, StoreError> {
        let (site, who) = (&self.body.site, &self.entry.actor);
        let refused = match &self.body.content {
            Content::Move(moved) => (!recalls::erase_moved(tx, site, moved, self.now).await?)
                .then_some(StatementRefusal::NotMoved),
            _ => (!recalls::erase(tx, site, self.recall().unwrap_or_default(), who, self.now).await?)
                .then_some(StatementRefusal::UnknownRecall),
        };
        let outcome = match refused {
            Some(code) => Outcome::Refused { code },
            None => self.certificate(tx).await?,
        };
        let audit_index = audit::append(tx, told(self.entry.clone(), &outcome)).await?;
        statements::add(tx, &self.row, audit_index).await?;
        if refused.is_none() {
            return Ok(Begun::KeysDestroyed);
        }
        let refusal = answer(&self.body, outcome, audit_index, self.now, &self.signing)?;
        keep(tx, &refusal).await?;
        Ok(Begun::Refused(refusal))
    }

    /// Second step: files, then the certificate.
    pub(super) async fn finish_erasure(
        self,
        registry: &Registry,
        audit_index: u64,
    ) -> Result<StatementAnswer, Error> {
        let Some(recall) = self.recall() else { return Err(Error::Stopped) };
        let site = self.body.site.clone();
        let files = recalls::files_to_delete(&registry.db, &site, recall).await?;
        registry.objects.erase(&files).await?;
        let certified = registry.db.write(move |tx| {
            Box::pin(async move {
                recalls::files_gone(tx, &site, recall, self.now).await?;
                let outcome = self.certificate(tx).await?;
                let certificate = answer(&self.body, outcome, audit_index, self.now, &self.signing)?;
                keep(tx, &certificate).await?;
                Ok(certificate)
            })
        });
        Ok(certified.await?)
    }

    /// What the statement erases: the objects of the recall, or those that were moved.
    async fn certificate(&self, tx: &mut Tx) -> Result<Outcome, StoreError> {
        let recall = self.recall().unwrap_or_default();
        let (objects, absent) = recalls::objects(tx, &self.body.site, recall).await?;
        Ok(match &self.body.content {
            Content::Move(moved) => {
                let wanted: std::collections::BTreeSet<_> =
                    moved.objects.iter().map(|pair| &pair.old).collect();
                let meant = |object: &RecalledObject| wanted.contains(&object.digest);
                Outcome::Erased { recall, objects: objects.into_iter().filter(meant).collect(), absent: 0 }
            }
            _ => Outcome::Erased { recall, objects, absent },
        })
    }
}
