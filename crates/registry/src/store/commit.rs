//! The decision about an arriving object, and its transaction: object row, wrapped key, index rows and audit
//! line together or not at all.

use sumgil_model::ProtocolId;

use super::{
    StoreError,
    audit::{self, AuditHead, AuditLink},
    db::{Source, Tx, params},
    objects::{self, Committed, NewObject, Object, State, VERSION_CONFLICT},
    recalls,
    subjects::{self, Refused},
    uploads,
};

/// What the audit line must say about an object, besides what the caller knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Which content under its UID this is, from 1.
    pub version: u64,
    /// Whether it counts.
    pub state: State,
    /// Why it does not.
    pub reason: Option<String>,
}

/// Makes the audit line for an object, once its place in the chain and the decision are known.
pub type LinkObject = Box<dyn FnOnce(&AuditHead, &Decision) -> Result<AuditLink, StoreError> + Send>;

/// What a part of the index says before anything is written.
pub(super) enum Fit {
    /// Its rows can be added.
    Free,
    /// Its UID is held by another object.
    Taken,
    /// It contradicts rows of somebody else.
    Refused(Refused),
}

/// What came of the object's row; index rows follow only for [`Outcome::Index`].
pub(super) enum Outcome {
    /// Stored: now add its index rows.
    Index(Object),
    /// Nothing to index.
    Done(Committed),
}

/// Everything about an arriving object except its index rows.
pub(super) async fn object(
    tx: &mut Tx,
    new: NewObject,
    protocols: &[ProtocolId],
    fit: Fit,
    link: LinkObject,
) -> Result<Outcome, StoreError> {
    if let Fit::Refused(refused) = fit {
        return Ok(Outcome::Done(Committed::Refused(refused)));
    }
    if recalls::is_barred(&mut *tx, &new.site, &new.digest).await? {
        return Ok(Outcome::Done(Committed::Refused(Refused::Recalled)));
    }
    let versions = objects::versions(&mut *tx, &new.site, new.kind, &new.uid).await?;
    if let Some(same) = same_object(tx, &new, &versions).await? {
        uploads::remove(tx, &new.digest).await?;
        return Ok(Outcome::Done(Committed::AlreadyHere(same)));
    }
    if let Err(refused) = subjects::ensure(tx, &new.subject, &new.site, new.received_at).await? {
        return Ok(Outcome::Done(Committed::Refused(refused)));
    }
    for protocol in protocols {
        subjects::enrol(tx, &new.subject, protocol, new.received_at).await?;
    }
    let decision = decide(&new, &versions, matches!(fit, Fit::Taken));
    let audit_sequence = audit::append(tx, |head| link(head, &decision)).await?;
    let kept = keep(new, decision, audit_sequence);
    objects::insert(tx, &kept).await?;
    uploads::remove(tx, &kept.digest).await?;
    Ok(match kept.state {
        State::Stored => Outcome::Index(kept),
        _ => Outcome::Done(Committed::New(kept)),
    })
}

async fn same_object(
    tx: &mut Tx,
    new: &NewObject,
    versions: &[Object],
) -> Result<Option<Object>, StoreError> {
    if let Some(same) = objects::find(&mut *tx, &new.digest).await? {
        return if same.site == new.site && same.uid == new.uid {
            Ok(Some(same))
        } else {
            Err(StoreError::Conflict("this digest names another object"))
        };
    }
    let same = |old: &&Object| {
        old.state.is_live() && old.content_digest == new.content_digest && old.subject == new.subject
    };
    Ok(versions.iter().find(same).cloned())
}

fn decide(new: &NewObject, versions: &[Object], taken: bool) -> Decision {
    let version = versions.last().map_or(1, |newest| newest.version + 1);
    // A recalled version stands in nobody's way: its site sends the right one in its place.
    let conflict = taken || versions.iter().any(|old| old.state.is_live());
    let reason = new.quarantine.clone().or_else(|| conflict.then(|| VERSION_CONFLICT.to_owned()));
    let state = if reason.is_some() { State::Quarantined } else { State::Stored };
    Decision { version, state, reason }
}

fn keep(new: NewObject, decision: Decision, audit_sequence: u64) -> Object {
    Object {
        digest: new.digest,
        site: new.site,
        subject: new.subject,
        kind: new.kind,
        uid: new.uid,
        version: decision.version,
        profile: new.profile,
        state: decision.state,
        reason: decision.reason,
        size_bytes: new.size_bytes,
        sequence: new.sequence,
        content_digest: new.content_digest,
        wrapped_key: new.wrapped_key,
        received_at: new.received_at,
        audit_sequence,
    }
}

/// A UID that is already indexed: under which parent, and whose.
pub(super) async fn holder(
    source: impl Source,
    sql: &'static str,
    uid: &str,
) -> Result<Option<String>, StoreError> {
    source.first(sql.into(), params![uid]).await?.map(|row| row.text("held_by")).transpose()
}
