//! The audit log: an unbroken chain, in which every object's arrival is told.

use sumgil_custody::audit::{self, Event};

use super::{Finding, Report};
use crate::{
    Error, Registry,
    store::{audit as rows, objects::Object},
};

const PAGE: u32 = 5_000;

/// Reads and verifies the whole log; its lines.
pub(super) async fn lines(registry: &Registry, report: &mut Report) -> Result<Vec<String>, Error> {
    let mut lines = Vec::new();
    loop {
        let page = rows::page(&registry.db, lines.len() as u64, PAGE).await?;
        if page.is_empty() {
            break;
        }
        for row in page {
            let hash = Event::from_line(&row.line).and_then(|event| event.hash());
            if row.sequence != lines.len() as u64 || hash.is_ok_and(|hash| hash.as_slice() != row.hash) {
                report.findings.push(Finding {
                    about: format!("audit line {}", row.sequence),
                    wrong: "has another number or hash than its row says",
                });
            }
            lines.push(row.line);
        }
    }
    report.audit_lines = lines.len() as u64;
    if let Err(error) = audit::verify(&lines) {
        let line = match error {
            sumgil_custody::CustodyError::AuditBroken { line, .. } => line,
            _ => 0,
        };
        let about = format!("audit line {line}");
        report.findings.push(Finding { about, wrong: "breaks the chain" });
    }
    Ok(lines)
}

/// Whether the log tells of this object's arrival where its row says.
pub(super) fn told(row: &Object, lines: &[String], report: &mut Report) {
    let line = usize::try_from(row.audit_sequence).ok().and_then(|at| lines.get(at));
    let event = line.and_then(|line| Event::from_line(line).ok());
    let object = format!("object {}", row.digest);
    if event.is_none_or(|event| event.entry.object.as_deref() != Some(object.as_str())) {
        report.findings.push(Finding { about: object, wrong: "has no line in the audit log" });
    }
}
