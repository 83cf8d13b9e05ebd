//! Two patients turn out to be one, or a study was filed under a wrong patient: what was sent is recalled, and what
//! arrives from then on is the right patient's. The originals have to come again: the edge keeps none of what it sent.

use std::collections::BTreeMap;

use sumgil_deid::{PatientIdentifiers, PatientIdentity};
use sumgil_transfer::statement::RecallTarget;

use crate::{
    Edge, EdgeError,
    intake::patient_key,
    pipeline::{known_patient, learn_patient},
    spool::{Alias, KnownObject, LookUp, Meant, Purpose},
};

use super::{Order, take_back};

/// What a move came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// The recalls, by their numbers here.
    pub recalls: Vec<i64>,
    /// Instances that the PACS has to send again.
    pub instances: u64,
    /// Clinical records; their tables have to be imported again.
    pub records: u64,
}

/// From now on the patient `from` is the patient `into`.
///
/// # Errors
/// [`EdgeError::Refused`] when the two are one already; as [`take_back`].
pub async fn merge(
    edge: &Edge,
    from: &PatientIdentity,
    into: &PatientIdentity,
    order: &Order,
) -> Result<Moved, EdgeError> {
    let from_key = patient_key(&edge.db, from);
    let into = end_of(edge, into).await?;
    if into.patient_key == from_key {
        return Err(EdgeError::Refused("the two are one patient already"));
    }
    edge.db.save_alias(&from_key, &into, &order.who).await?;
    let known = known_patient(edge, &from_key).await?;
    let identifiers = known.map_or_else(PatientIdentifiers::default, |patient| patient.identifiers().clone());
    learn_patient(edge, identity_of(&into), identifiers).await?;
    let meant = edge.db.meant_by_patient(&from_key).await?;
    recall_from_others(edge, meant, &[], &into, order).await
}

/// The study that is meant is the patient `into`'s. What arrives of it from then on is, too.
///
/// # Errors
/// As [`take_back`].
pub async fn move_study(
    edge: &Edge,
    meant: Meant,
    targets: &[RecallTarget],
    into: &PatientIdentity,
    order: &Order,
) -> Result<Moved, EdgeError> {
    let into = end_of(edge, into).await?;
    for key in &meant.keys {
        edge.db.save_alias(key, &into, &order.who).await?;
    }
    recall_from_others(edge, meant, targets, &into, order).await
}

/// The patient itself, or whom it has been merged into.
async fn end_of(edge: &Edge, patient: &PatientIdentity) -> Result<Alias, EdgeError> {
    let key: LookUp = patient_key(&edge.db, patient);
    Ok(edge.db.real_patient(&key, None).await?.unwrap_or_else(|| Alias {
        patient_key: key,
        identity: (patient.issuer().to_owned(), patient.patient_id().to_owned()),
    }))
}

fn identity_of(alias: &Alias) -> PatientIdentity {
    PatientIdentity::new(&alias.identity.0, &alias.identity.1)
}

/// Recalls what is under another subject than the right patient's; one recall for each.
async fn recall_from_others(
    edge: &Edge,
    meant: Meant,
    targets: &[RecallTarget],
    into: &Alias,
    order: &Order,
) -> Result<Moved, EdgeError> {
    let right = edge.secrets.pseudonym.subject(&identity_of(into)).to_string();
    let mut by_subject: BTreeMap<String, Vec<KnownObject>> = BTreeMap::new();
    for object in meant.objects.into_iter().filter(|object| object.subject != right) {
        by_subject.entry(object.subject.clone()).or_default().push(object);
    }
    let mut moved = Moved::default();
    for (from, objects) in by_subject {
        let records = objects.iter().filter(|object| object.kind == "clinical").count();
        moved.records += records as u64;
        moved.instances += (objects.len() - records) as u64;
        let meant = Meant { objects, ..Meant::default() };
        let purpose = Purpose::Move { from, into: right.clone() };
        moved.recalls.extend(take_back(edge, &meant, targets, &purpose, order).await?);
    }
    Ok(moved)
}
