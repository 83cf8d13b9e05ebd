//! The page in HTML: one table, no script.

use std::{collections::BTreeMap, fmt::Write};

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
    let alarms = if counts.alarms > 0 { "alarm" } else { "" };
    row(&mut rows, alarms, "Alarms: see 'sumgil-edge quarantine list'", counts.alarms);
    let line = match &status.registry.last_error {
        Some(error) => format!("<p class=alarm>{}</p>", escape(error)),
        None => String::new(),
    };
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=5>\
         <title>sumgil-edge {site}</title><style>{STYLE}</style><h1>sumgil-edge: {site}</h1>{line}\
         <table>{rows}</table><p>Version {version}. The same as JSON: <a href=/status>/status</a></p></html>",
        site = escape(&status.site),
        version = status.version,
    )
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
