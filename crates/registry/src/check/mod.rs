//! The check of a whole registry: every object opens, every row has its object and the reverse, the audit chain
//! is whole.

mod chain;
mod object;
mod tombstone;

pub(crate) use object::context_of;

use std::{collections::HashSet, sync::Arc};

use sumgil_model::ObjectDigest;
use tokio::task::JoinSet;

use crate::{
    Error, Registry,
    store::{
        fsck,
        objects::{self, Object, State},
    },
};

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What it is about: an object, a line of the audit log, a file.
    pub about: String,
    /// What is wrong with it.
    pub wrong: &'static str,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Objects that are rows.
    pub objects: u64,
    /// Their sealed bytes.
    pub size_bytes: u64,
    /// Of these, kept apart in quarantine.
    pub quarantined: u64,
    /// Of these, unreadable because their subject withdrew: no finding.
    pub destroyed: u64,
    /// Objects that their sites have recalled and not yet confirmed to be erased.
    pub recalled: u64,
    /// Tombstones: objects of which nothing but the row is left.
    pub erased: u64,
    /// Lines of the audit log.
    pub audit_lines: u64,
    /// What is wrong; empty for a sound registry.
    pub findings: Vec<Finding>,
}

/// Rows read at a time.
const PAGE: u32 = 500;

/// Checks `registry`; `progress` hears how many objects of how many are done.
///
/// # Errors
/// When the database or the object store cannot be read at all.
pub async fn check(registry: &Arc<Registry>, progress: impl Fn(u64, u64)) -> Result<Report, Error> {
    let mut report = Report::default();
    let lines = chain::lines(registry, &mut report).await?;
    let (names, foreign) = registry.objects.names().await?;
    if foreign > 0 {
        report
            .findings
            .push(Finding { about: format!("{foreign} names in objects/"), wrong: "not those of objects" });
    }
    let total = objects::totals(&registry.db).await?.iter().map(|total| total.objects).sum();
    let mut unclaimed: HashSet<ObjectDigest> = names.into_iter().collect();
    for state in [State::Stored, State::Quarantined, State::Recalled] {
        let mut after = None;
        loop {
            let page = objects::in_state(&registry.db, state, after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.digest.clone());
            for row in &page {
                unclaimed.remove(&row.digest);
                chain::told(row, &lines, &mut report);
            }
            count(&mut report, &page);
            check_page(registry, page, &mut report).await?;
            progress(report.objects, total);
        }
    }
    tombstone::check(registry, &lines, &mut unclaimed, &mut report).await?;
    for digest in unclaimed {
        // Its row may have come while the check ran.
        if objects::find(&registry.db, &digest).await?.is_none() {
            let about = format!("object {digest}");
            report.findings.push(Finding { about, wrong: "is in objects/ and no row tells of it" });
        }
    }
    for contradiction in fsck::contradictions(&registry.db).await? {
        report.findings.push(Finding { about: contradiction.row, wrong: contradiction.what });
    }
    report.findings.sort();
    Ok(report)
}

fn count(report: &mut Report, page: &[Object]) {
    report.objects += page.len() as u64;
    report.size_bytes += page.iter().map(|row| row.size_bytes).sum::<u64>();
    report.recalled += page.iter().filter(|row| row.state == State::Recalled).count() as u64;
    report.quarantined += page.iter().filter(|row| row.state == State::Quarantined).count() as u64;
}

/// Opens the objects of a page, as many at a time as the registry verifies.
async fn check_page(registry: &Arc<Registry>, page: Vec<Object>, report: &mut Report) -> Result<(), Error> {
    let mut tasks = JoinSet::new();
    for row in page {
        if tasks.len() >= registry.config.limits.verifications.max(1)
            && let Some(done) = tasks.join_next().await
        {
            note(done.map_err(|_| Error::Stopped)??, report);
        }
        let registry = Arc::clone(registry);
        tasks.spawn(async move { object::check(&registry, row).await });
    }
    while let Some(done) = tasks.join_next().await {
        note(done.map_err(|_| Error::Stopped)??, report);
    }
    Ok(())
}

fn note(state: object::Checked, report: &mut Report) {
    match state {
        object::Checked::Sound => {}
        object::Checked::Destroyed => report.destroyed += 1,
        object::Checked::Wrong(finding) => report.findings.push(finding),
    }
}
