//! Erased objects: nothing is left of them but their rows.

use std::collections::HashSet;

use sumgil_model::ObjectDigest;

use super::{Finding, PAGE, Report, chain};
use crate::{
    Error, Registry,
    store::objects::{self, Object, State},
};

/// Checks every tombstone; `unclaimed` are the files that no other row tells of.
pub(super) async fn check(
    registry: &Registry,
    lines: &[String],
    unclaimed: &mut HashSet<ObjectDigest>,
    report: &mut Report,
) -> Result<(), Error> {
    let mut after = None;
    loop {
        let page = objects::in_state(&registry.db, State::Erased, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.digest.clone());
        for row in &page {
            chain::told(row, lines, report);
            one(row, unclaimed.remove(&row.digest), report);
        }
    }
}

/// That it has no key is a rule of the store.
fn one(row: &Object, file_is_there: bool, report: &mut Report) {
    report.erased += 1;
    if file_is_there {
        let about = format!("object {}", row.digest);
        report.findings.push(Finding { about, wrong: "is erased and its file is still in objects/" });
    }
}
