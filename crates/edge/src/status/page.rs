//! The counts as a table.

use std::{collections::BTreeMap, fmt::Write};

use crate::Standing;

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
    row(&mut rows, "", "Taken back by a person", counts.recalled);
    standing_rows(&mut rows, &status.standing);
    let alarms = if counts.alarms > 0 { "alarm" } else { "" };
    row(&mut rows, alarms, "Alarms: see 'sumgil-edge quarantine list'", counts.alarms);
    let mut line = String::new();
    for text in [&status.registry.last_error, &status.standing.sending_stopped].into_iter().flatten() {
        let _ = write!(line, "<p class=alarm>{}</p>", escape(text));
    }
    format!("{line}<table>{}</table>", rows.text)
}

/// Approval, self-test and recalls: figures with their denominators.
fn standing_rows(rows: &mut Rows<'_>, standing: &Standing) {
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

fn text_row(rows: &mut Rows<'_>, class: &str, name: &str, text: &str) {
    let (name, text) = (escape(&(rows.said)(name)), escape(text));
    let _ = write!(rows.text, "<tr class='{class}'><td>{name}</td><td>{text}</td></tr>");
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
