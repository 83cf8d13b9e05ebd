//! The counts as a table.

use std::{collections::BTreeMap, fmt::Write};

use super::routes::Status;

/// The table of counts; `said` gives a name in the reader's language. Every value is a number or a machine word of
/// our own; words are escaped all the same.
pub(crate) fn table(status: &Status, said: impl Fn(&str) -> String) -> String {
    let mut rows = Rows { text: String::new(), said: &said };
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
    row(&mut rows, "", "Held back by a person before it was sent", counts.withheld);
    row(&mut rows, "", "Samples waiting for a person's look", counts.samples);
    row(&mut rows, "", "Received again", counts.received_again);
    row(&mut rows, "", "Received with a known UID and other content", counts.conflicting);
    row(&mut rows, "", "Exam notes waiting for their study", counts.waiting_notes);
    let alarms = if counts.alarms > 0 { "alarm" } else { "" };
    row(&mut rows, alarms, "Alarms: see 'sumgil-edge quarantine list'", counts.alarms);
    let line = match &status.registry.last_error {
        Some(error) => format!("<p class=alarm>{}</p>", escape(error)),
        None => String::new(),
    };
    format!("{line}<table>{}</table>", rows.text)
}

/// Rows, and how their names are said.
struct Rows<'a> {
    text: String,
    said: &'a dyn Fn(&str) -> String,
}

fn row(rows: &mut Rows<'_>, class: &str, name: &str, n: u64) {
    let name = escape(&(rows.said)(name));
    let _ = write!(rows.text, "<tr class='{class}'><td>{name}</td><td>{n}</td></tr>");
}

fn reasons(rows: &mut Rows<'_>, name: &str, by_reason: &BTreeMap<String, u64>) {
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
