//! Identifiers that become known later are searched in what was cleared before. A hit is an alarm: the object has
//! left or is about to.

use std::sync::Arc;

use sumgil_deid::{PatientIdentifiers, Recheck};
use tokio::task::spawn_blocking;

use crate::{
    Edge, EdgeError,
    spool::{LookUp, SentObject},
};

/// What the kept headers of an object are bound to, beside its UID.
pub(crate) const HEADERS_PURPOSE: &str = "cleared headers";
/// The alarm's word.
pub(super) const SENT_THEN_FOUND: &str = "sent-then-found";

/// Searches the cleared headers of every object of the patient.
pub(super) async fn recheck(
    edge: &Edge,
    patient: &LookUp,
    identifiers: &PatientIdentifiers,
) -> Result<(), EdgeError> {
    let known = Arc::new(Recheck::new(identifiers));
    let mut after = 0;
    loop {
        let page = edge.db.objects_of(patient, after).await?;
        let Some(last) = page.last().map(|o| o.sequence) else { return Ok(()) };
        after = last;
        let (searcher, known) = (edge.clone(), Arc::clone(&known));
        let hits = spawn_blocking(move || {
            page.iter().filter_map(|object| hit(&searcher, &known, object)).collect::<Vec<_>>()
        })
        .await
        .map_err(|_| EdgeError::Stopped("the second search"))?;
        for (sequence, code) in hits {
            tracing::warn!(sequence, code, "an identifier learned later is in an object made earlier");
            edge.db.raise(SENT_THEN_FOUND, Some(sequence), &code).await?;
        }
    }
}

fn hit(edge: &Edge, known: &Recheck, object: &SentObject) -> Option<(i64, String)> {
    let found = match edge.secrets.local.decrypt(HEADERS_PURPOSE, &object.uid, &object.headers) {
        Ok(headers) => known.check(&headers).err()?.code,
        Err(_) => "unreadable",
    };
    Some((object.sequence, found.to_owned()))
}
