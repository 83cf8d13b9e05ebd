//! The page in HTML: one table, no script.

use std::{collections::BTreeMap, fmt::Write};

use crate::Standing;

use super::routes::Status;

const STYLE: &str = "body{font:16px system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}\
table{border-collapse:collapse;width:100%}td{padding:.3rem .6rem;border-bottom:1px solid #ccc}\
td:last-child{text-align:right;font-variant-numeric:tabular-nums}.alarm{color:#b00020;font-weight:600}\
.sub td:first-child{padding-left:2rem;color:#555}";

/// The whole page. Every value is a number or a machine word of our own; words are escaped all the same.
pub(super) fn render(status: &Status) -> String {
    let mut rows = String::new();
    let counts = &status.counts;
    row(&mut rows, "", "Held, waiting until their study is quiet", counts.held);
    row(&mut rows, "", "Sealed, waiting to be sent", counts.spooled);
    row(&mut rows, "", "Sent: instances with a receipt", counts.sent_instances);
    row(&mut rows, "", "Sent: clinical records with a receipt", counts.sent_clinical);
    row(&mut rows, "", "Sent: kept apart at the centre as another version", counts.sent_as_other_version);
    reasons(&mut rows, "In quarantine, waiting for a person", &counts.quarantined_by_reason);
    reasons(&mut rows, "Never to be sent", &counts.refused_by_reason);
    reasons(&mut rows, "Kept by the policy", &counts.waiting_by_reason);
    reasons(&mut rows, "Refused by the registry", &counts.refused_by_centre);
    row(&mut rows, "", "Discarded by a person", counts.discarded);
    row(&mut rows, "", "Received again", counts.received_again);
    row(&mut rows, "", "Received with a known UID and other content", counts.conflicting);
    row(&mut rows, "", "Exam notes waiting for their study", counts.waiting_notes);
    row(&mut rows, "", "Taken back by a person", counts.recalled);
    standing_rows(&mut rows, &status.standing);
    let alarms = if counts.alarms > 0 { "alarm" } else { "" };
    row(&mut rows, alarms, "Alarms: see 'sumgil-edge quarantine list'", counts.alarms);
    let mut line = String::new();
    for text in [&status.registry.last_error, &status.standing.sending_stopped].into_iter().flatten() {
        let _ = write!(line, "<p class=alarm>{}</p>", escape(text));
    }
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=5>\
         <title>sumgil-edge {site}</title><style>{STYLE}</style><h1>sumgil-edge: {site}</h1>{line}\
         <table>{rows}</table><p>Version {version}. The same as JSON: <a href=/status>/status</a></p></html>",
        site = escape(&status.site),
        version = status.version,
    )
}

/// Approval, self-test and recalls: figures with their denominators.
fn standing_rows(rows: &mut String, standing: &Standing) {
    row(rows, "", "Recalls whose erasure is not confirmed", standing.recalls_unconfirmed);
    row(rows, "", "Statements waiting for the centre", standing.statements_waiting);
    match &standing.self_test {
        Some(test) => {
            let class = if test.passed { "" } else { "alarm" };
            let hidden = format!("{} of {}", test.hidden, test.planted);
            text_row(rows, class, "Self-test: planted identifiers hidden", &hidden);
            let stayed = format!("{} of {}", test.stayed, test.should_stay);
            text_row(rows, "", "Self-test: technical values kept", &stayed);
        }
        None => text_row(rows, "", "Self-test", "none yet"),
    }
    match &standing.approval {
        Some(found) => {
            let class = if found.state == "valid" { "" } else { "alarm" };
            let shown = format!("{}, {}", found.approval.irb_number, found.state);
            text_row(rows, class, "Approval", &shown);
        }
        None => text_row(rows, "alarm", "Approval", "none entered"),
    }
}

fn text_row(rows: &mut String, class: &str, name: &str, text: &str) {
    let _ = write!(rows, "<tr class='{class}'><td>{}</td><td>{}</td></tr>", escape(name), escape(text));
}

fn row(rows: &mut String, class: &str, name: &str, n: u64) {
    let _ = write!(rows, "<tr class='{class}'><td>{}</td><td>{n}</td></tr>", escape(name));
}

fn reasons(rows: &mut String, name: &str, by_reason: &BTreeMap<String, u64>) {
    row(rows, "", name, by_reason.values().sum());
    for (reason, n) in by_reason {
        row(rows, "sub", reason, *n);
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
