//! Who looked and who decided, newest first.

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use maud::html;
use serde::Deserialize;
use serde_json::Value;

use crate::spool::Access;

use super::{
    Language, Page,
    layout::{Here, layout, moment},
    reasons::deed,
    refusal::Refusal,
    visitor::Known,
};

/// Lines on one page.
const LINES: i64 = 100;

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<i64>,
}

/// `GET /log`.
pub(super) async fn log(
    State(page): State<Page>,
    known: Known,
    Query(query): Query<Before>,
) -> Result<Response, Refusal> {
    page.edge().db.record_access(&known.person.name, "log open", "").await?;
    let lines = page.edge().db.accesses_before(query.before.unwrap_or(i64::MAX), LINES).await?;
    let (w, language) = (known.visitor.words(), known.visitor.language);
    let older = lines.last().filter(|_| lines.len() as i64 == LINES).map(|line| line.id);
    let body = html! {
        h1 { (w.log_title) }
        table class="wide log" {
            thead { tr { th { (w.log_at) } th { (w.log_who) } th { (w.log_what) } th { (w.log_detail) } } }
            tbody {
                @for line in &lines {
                    tr {
                        td class="number" { (moment(line.at)) }
                        td { (line.who) }
                        td { (deed(language, &line.what)) }
                        td { (about(line, language)) }
                    }
                }
            }
        }
        @if let Some(older) = older { p { a href={ "/log?before=" (older) } { (w.older) } } }
    };
    Ok(layout(&known.visitor, Here::Log, w.nav_log, &body).into_response())
}

/// The detail of a decision for people; of anything else as it stands.
fn about(line: &Access, language: Language) -> String {
    let w = super::Words::of(language);
    let detail = match serde_json::from_str::<Value>(&line.detail) {
        Ok(Value::Object(detail)) => detail,
        Ok(Value::Number(id)) => return format!("{} {id}", w.number),
        _ => return line.detail.chars().take(500).collect(),
    };
    let mut parts = Vec::new();
    if let Some(ids) = detail.get("ids").and_then(Value::as_array) {
        parts.push(numbers(ids, w.number));
    }
    if let Some(masks) = detail.get("masks").and_then(Value::as_array) {
        parts.push(format!("{} {}", w.masks, masks.len()));
    }
    for (key, name) in [("verdict", ""), ("first", w.proposed_by), ("note", "")] {
        let text = detail.get(key).and_then(Value::as_str).unwrap_or_default();
        if !text.is_empty() {
            let said = if key == "verdict" { verdict(text, language) } else { text };
            parts.push(format!("{name} {said}").trim().to_owned());
        }
    }
    parts.join(" · ")
}

fn verdict(code: &str, language: Language) -> &str {
    match (code, language) {
        ("good", Language::English) => "good",
        ("good", Language::Korean) => "좋음",
        (code, language) => super::reasons::reason(language, code),
    }
}

/// The first few numbers, and how many there are.
fn numbers(ids: &[Value], name: &str) -> String {
    let shown: Vec<String> = ids.iter().take(8).map(ToString::to_string).collect();
    let more = if ids.len() > shown.len() { format!(" ... ({})", ids.len()) } else { String::new() };
    format!("{name} {}{more}", shown.join(", "))
}
