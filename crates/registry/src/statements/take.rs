//! The way in of a statement that has been verified.

use jiff::Timestamp;
use sumgil_transfer::statement::{Content, Outcome, Statement, StatementAnswer, StatementRefusal};

use super::{
    effect::{Work, answer},
    erase::Begun,
};
use crate::{
    Error, Registry,
    audit::{self, Actor},
    store::statements::{self, Kept},
};

/// Carries a verified statement of a site out and answers it. One that has been answered before is answered the same
/// again; an erasure that was cut short goes on.
///
/// # Errors
/// When the database or the object store fails: the site comes again.
pub async fn take(
    registry: &Registry,
    statement: &Statement,
    actor: &Actor,
    now: Timestamp,
) -> Result<StatementAnswer, Error> {
    let body = &statement.body;
    let work = work(registry, statement, actor, now)?;
    let kept = statements::find(&registry.db, &body.site, body.number).await?;
    match kept {
        Some(kept) if kept.digest != work.row.digest => taken(registry, work).await,
        Some(Kept { answer: Some(answer), .. }) => {
            serde_json::from_str(&answer).map_err(|_| Error::Unreadable)
        }
        Some(Kept { audit_sequence, .. }) => work.finish_erasure(registry, audit_sequence).await,
        None if work.recall().is_some() => erase(registry, work).await,
        None => Ok(registry.db.write(move |tx| Box::pin(work.commit(tx))).await?),
    }
}

fn work(registry: &Registry, statement: &Statement, actor: &Actor, now: Timestamp) -> Result<Work, Error> {
    let body = statement.body.clone();
    let mut entry = actor.did(action(&body.content), now);
    entry.object = Some(format!("statement {} of {}", body.number, body.site));
    if let Content::Recall(recall) = &body.content {
        entry.purpose = Some(recall.reason.as_str().to_owned());
    }
    let row = statements::New {
        site: body.site.clone(),
        number: body.number,
        kind: body.content.kind(),
        digest: body.digest(),
        body: serde_json::to_string(statement).map_err(|_| Error::Unreadable)?,
        received_at: now,
    };
    Ok(Work { body, row, entry, signing: registry.keys.signing.clone(), now })
}

fn action(content: &Content) -> &'static str {
    match content {
        Content::Recall(_) => "recall.quarantine",
        Content::Erase(_) => "recall.erase",
        Content::Move(_) => "recall.move",
        Content::Linkage(_) => "site.linkage",
        Content::SelfTest(_) => "site.self-test",
        Content::Approval(_) => "site.approval",
    }
}

async fn erase(registry: &Registry, work: Work) -> Result<StatementAnswer, Error> {
    let (site, number) = (work.body.site.clone(), work.body.number);
    let first = work.clone();
    match registry.db.write(move |tx| Box::pin(first.begin_erasure(tx))).await? {
        Begun::Refused(answer) => Ok(answer),
        Begun::KeysDestroyed => {
            let kept = statements::find(&registry.db, &site, number).await?.ok_or(Error::Stopped)?;
            work.finish_erasure(registry, kept.audit_sequence).await
        }
    }
}

/// The site has used this number for something else: nothing happens, and the answer says so.
async fn taken(registry: &Registry, work: Work) -> Result<StatementAnswer, Error> {
    let code = StatementRefusal::NumberTaken;
    let mut entry = work.entry.clone();
    code.as_str().clone_into(&mut entry.outcome);
    let audit_index = audit::record(&registry.db, entry).await?;
    Ok(answer(&work.body, Outcome::Refused { code }, audit_index, work.now, &work.signing)?)
}
