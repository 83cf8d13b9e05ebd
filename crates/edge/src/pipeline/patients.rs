//! What is known of a patient grows; what was made before is then searched again.

use sumgil_deid::{Patient, PatientIdentifiers, PatientIdentity};
use zeroize::Zeroizing;

use crate::{
    Edge, EdgeError,
    intake::patient_key,
    spool::{LookUp, PatientRow},
};

use super::recheck::recheck;

/// The patient with all identifiers known so far, if anything of them has been here.
///
/// # Errors
/// [`EdgeError::Database`], [`EdgeError::Damaged`].
pub async fn known_patient(edge: &Edge, key: &LookUp) -> Result<Option<Patient>, EdgeError> {
    let Some(row) = edge.db.patient(key).await? else { return Ok(None) };
    let identity = PatientIdentity::new(&row.identity.0, &row.identity.1);
    Ok(Some(Patient::new(identity, identifiers(&row)?)))
}

/// Adds what was learned to what is known of the patient, durably, and searches earlier objects if it is more.
///
/// # Errors
/// [`EdgeError::Database`], [`EdgeError::Damaged`].
pub async fn learn_patient(
    edge: &Edge,
    identity: PatientIdentity,
    learned: PatientIdentifiers,
) -> Result<Patient, EdgeError> {
    let key = patient_key(&edge.db, &identity);
    let subject = edge.secrets.pseudonym.subject(&identity).to_string();
    let names = (identity.issuer().to_owned(), identity.patient_id().to_owned());
    let row_key = key.clone();
    let (all, more) = edge
        .db
        .update_patient(&key, move |before| {
            let mut all = learned;
            if let Some(row) = &before {
                let known = identifiers(row)?;
                if all.is_subset_of(&known) {
                    return Ok((None, (known, false)));
                }
                all.merge(&known);
            }
            let row = PatientRow {
                patient_key: row_key,
                subject,
                identity: names,
                identifiers: Zeroizing::new(all.to_json_bytes()),
            };
            Ok((Some(row), (all, before.is_some())))
        })
        .await?;
    if more {
        recheck(edge, &key, &all).await?;
    }
    Ok(Patient::new(identity, all))
}

fn identifiers(row: &PatientRow) -> Result<PatientIdentifiers, EdgeError> {
    PatientIdentifiers::from_json_bytes(&row.identifiers)
        .map_err(|_| EdgeError::Damaged("a patient's identifiers"))
}
