//! The one transaction of an arriving object, after its bytes are durable.

use jiff::Timestamp;
use sumgil_custody::{ObjectKey, ObjectKind, Place, Receipt, SignedReceipt, Wraps};
use sumgil_model::ProtocolId;
use sumgil_transfer::{ManifestBody, RefusalCode};

use super::{Content, Refused};
use crate::{
    Error, Registry,
    audit::{self, Actor},
    clock,
    store::{
        Decision, clinical,
        instances::{self, InstanceRows},
        objects::{Committed, Kind, NewObject, Object, State},
        subjects,
    },
};

/// A verified object on its way to its rows.
pub(super) struct Fit {
    /// What it holds.
    pub(super) content: Content,
    /// The object's key under its subject's key.
    wrapped_key: Vec<u8>,
    /// Keyed fingerprint of the plain bytes.
    fingerprint: Vec<u8>,
}

/// The keys that an arriving object needs: its own, and its form under the subject's key.
pub(super) async fn keys(
    registry: &Registry,
    body: &ManifestBody,
) -> Result<Result<(ObjectKey, Vec<u8>), Refused>, Error> {
    let subject_key = match registry.ring.subject_or_new(&body.context.subject, clock::now()).await {
        Err(Error::Destroyed) => return Ok(Err(withdrawn())),
        other => other?,
    };
    let Ok(key) = registry.keys.receiving.unwrap(&body.wrapped_key, &body.context) else {
        let detail = "the object's key does not open with the registry's receiving key";
        return Ok(Err(Refused::new(RefusalCode::Malformed, detail)));
    };
    let wrapped = subject_key.wrap(&key, &Place::object(&body.digest), &mut rand::rng())?;
    Ok(Ok((key, wrapped.as_bytes().to_vec())))
}

impl Fit {
    /// A verified object.
    pub(super) fn new(
        registry: &Registry,
        content: Content,
        plain_sha256: &[u8],
        wrapped_key: Vec<u8>,
    ) -> Self {
        let fingerprint = registry.keys.fingerprint.fingerprint("content", plain_sha256).to_vec();
        Self { content, wrapped_key, fingerprint }
    }
}

fn withdrawn() -> Refused {
    Refused::new(RefusalCode::Withdrawn, "the subject has withdrawn")
}

/// What the rows have against an object; the commit looks again.
pub(super) async fn objection(registry: &Registry, body: &ManifestBody) -> Result<Option<Refused>, Error> {
    let Some(subject) = subjects::find(&registry.db, &body.context.subject).await? else { return Ok(None) };
    Ok(if subject.site != body.context.site {
        Some(Refused::new(RefusalCode::IdentityMismatch, "the subject belongs to another site"))
    } else {
        subject.withdrawn_at.map(|_| withdrawn())
    })
}

/// Commits the rows of an object whose bytes are durable.
pub(super) async fn commit(
    registry: &Registry,
    body: &ManifestBody,
    fit: &Fit,
    actor: &Actor,
    now: Timestamp,
) -> Result<Committed, Error> {
    let object = new_object(body, fit, now);
    let entry = {
        let mut entry = actor.did("object.commit", now);
        entry.object = Some(format!("object {}", body.digest));
        entry.subject = Some(body.context.subject.to_string());
        entry
    };
    let link = Box::new(move |head: &_, decision: &Decision| {
        let mut entry = entry;
        decision.state.as_str().clone_into(&mut entry.outcome);
        audit::link(head, entry)
    });
    let protocols: Vec<ProtocolId> = vec![body.protocol.clone()];
    let committed = match &fit.content {
        Content::Instance(rows) => {
            let rows = (**rows).clone();
            let (study, series, instance) = (rows.study, rows.series, rows.instance);
            let rows = InstanceRows { object, protocols, study, series, instance };
            registry.db.write(move |tx| Box::pin(instances::commit(tx, rows, link))).await?
        }
        Content::Clinical(record) => {
            let rows = clinical::ClinicalRows { object, protocols, record: (**record).clone() };
            registry.db.write(move |tx| Box::pin(clinical::commit(tx, rows, link))).await?
        }
    };
    Ok(committed)
}

fn new_object(body: &ManifestBody, fit: &Fit, now: Timestamp) -> NewObject {
    let context = &body.context;
    NewObject {
        digest: body.digest.clone(),
        site: context.site.clone(),
        subject: context.subject.clone(),
        kind: match context.kind {
            ObjectKind::Instance => Kind::Instance,
            ObjectKind::Clinical => Kind::Clinical,
        },
        uid: context.uid.clone(),
        profile: context.profile.clone(),
        size_bytes: body.size_bytes,
        sequence: body.sequence,
        content_digest: fit.fingerprint.clone(),
        wrapped_key: fit.wrapped_key.clone(),
        received_at: now,
        quarantine: None,
    }
}

/// The receipt for a resent object whose content is held under another digest, because it was sealed anew: it
/// names the digest that the site knows, and the event of the object that is kept.
///
/// # Errors
/// When the signing key is refused.
pub(super) fn receipt_for(
    registry: &Registry,
    body: &ManifestBody,
    held: &Object,
) -> Result<SignedReceipt, Error> {
    receipt(registry, &Object { digest: body.digest.clone(), sequence: body.sequence, ..held.clone() })
}

/// The receipt for an object that is held. The same rows give the same receipt at any time.
///
/// # Errors
/// When the signing key is refused.
pub(super) fn receipt(registry: &Registry, object: &Object) -> Result<SignedReceipt, Error> {
    let receipt = Receipt {
        digest: object.digest.clone(),
        site: object.site.clone(),
        sequence: object.sequence,
        at: object.received_at,
        audit_index: object.audit_sequence,
        quarantined: object.state == State::Quarantined,
    };
    Ok(receipt.sign(&registry.keys.signing)?)
}
