//! What waits for a person: by reason and device, and one by one.

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use crate::spool::{Kept, Pile, Proposal, Shown};

use super::{
    Page,
    layout::{Here, layout, moment},
    reasons,
    refusal::Refusal,
    visitor::{Known, Visitor},
};

/// Rows on one page.
const ROWS: i64 = 50;

/// Which of those that wait are looked at; it goes along from page to page.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Filter {
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    pub(super) device: String,
    #[serde(default)]
    pub(super) after: i64,
    /// What the last decision came to.
    #[serde(default)]
    pub(super) done: String,
}

impl Filter {
    /// The filter for the database.
    pub(super) fn shown(&self, after: i64, most: i64) -> Shown<'_> {
        Shown { reason: &self.reason, device_key: &self.device, after, most }
    }

    /// The filter as a query, without what was done.
    pub(super) fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(
                [("reason", &self.reason), ("device", &self.device)].iter().filter(|p| !p.1.is_empty()),
            )
            .finish()
    }
}

/// `GET /review`.
pub(super) async fn list(
    State(page): State<Page>,
    known: Known,
    Query(filter): Query<Filter>,
) -> Result<Response, Refusal> {
    let db = &page.edge().db;
    let mut kept = db.kept_page(&filter.shown(filter.after, ROWS + 1)).await?;
    let more = kept.len() as i64 > ROWS;
    kept.truncate(ROWS as usize);
    let ids: Vec<i64> = kept.iter().map(|k| k.id).collect();
    let proposals = if ids.is_empty() { Vec::new() } else { db.proposals(&ids).await? };
    let piles = db.piles().await?;
    let (w, visitor) = (known.visitor.words(), &known.visitor);
    let body = html! {
        (done(visitor, &filter.done, ""))
        div class="row" { h1 { (w.review_title) } (chooser(visitor, &filter, &piles)) }
        @if kept.is_empty() { p class="good" { (w.review_none) } } @else {
            (rows(visitor, &filter, &kept, &proposals))
            p class="row" {
                @if filter.after > 0 { a href={ "/review?" (filter.query()) } { (w.first_page) } }
                @if more && let Some(last) = kept.last() {
                    a href={ "/review?" (filter.query()) "&after=" (last.id) } { (w.next_page) }
                }
            }
            (pile_table(visitor, &piles, known.person.role.decides()))
        }
    };
    Ok(layout(visitor, Here::Review, w.nav_review, &body).into_response())
}

fn chooser(visitor: &Visitor, filter: &Filter, piles: &[Pile]) -> Markup {
    let w = visitor.words();
    let mut codes: Vec<&str> = piles.iter().flat_map(|p| p.reasons.iter().map(String::as_str)).collect();
    codes.sort_unstable();
    codes.dedup();
    html! {
        form method="get" action="/review" class="row" {
            label { (w.reason) " "
                select name="reason" {
                    option value="" { (w.all_reasons) }
                    @for code in codes {
                        option value=(code) selected[code == filter.reason] { (reasons::reason(visitor.language, code)) }
                    }
                }
            }
            button { (w.filter) }
        }
    }
}

fn rows(visitor: &Visitor, filter: &Filter, kept: &[Kept], proposals: &[Proposal]) -> Markup {
    let w = visitor.words();
    let query = filter.query();
    html! {
        table class="wide" {
            thead { tr {
                th { (w.number) } th { (w.reason) } th { (w.modality) } th { (w.device) } th { (w.received) }
                th { (w.size) } th { (w.state) }
            } }
            tbody {
                @for one in kept {
                    tr {
                        td class="number" { a class="item" href={ "/review/" (one.id) "?" (query) } { (one.id) } }
                        td { a href={ "/review/" (one.id) "?" (query) } { (in_words(visitor, &one.reasons)) } }
                        td { (one.modality) }
                        td { (device(visitor, &one.device)) }
                        td class="number" { (moment(one.received_at)) }
                        td class="number" { (size(one.size_bytes)) }
                        td { (state(visitor, one, proposals.iter().any(|p| p.instance == one.id))) }
                    }
                }
            }
        }
    }
}

fn pile_table(visitor: &Visitor, piles: &[Pile], decides: bool) -> Markup {
    let w = visitor.words();
    html! {
        h2 { (w.piles) }
        table class="wide" {
            thead { tr { th { (w.reason) } th { (w.device) } th { (w.pile_count) } th {} } }
            tbody {
                @for pile in piles {
                    @let query = pile_query(pile);
                    tr {
                        td { a href={ "/review?" (query) } { (in_words(visitor, &pile.reasons)) } }
                        td { (device(visitor, &pile.device)) }
                        td class="number" { (pile.count) }
                        td {
                            @if decides && pile.reasons.len() == 1 {
                                a href={ "/piles?" (query) } { (w.pile_release) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn pile_query(pile: &Pile) -> String {
    let reason = pile.reasons.first().cloned().unwrap_or_default();
    Filter { reason, device: pile.device_key.to_string(), ..Filter::default() }.query()
}

/// Reasons as a sentence or two.
pub(super) fn in_words(visitor: &Visitor, codes: &[String]) -> String {
    let said: Vec<&str> = codes.iter().map(|code| reasons::reason(visitor.language, code)).collect();
    said.join("; ")
}

/// A device, or that it was not noted.
pub(super) fn device<'a>(visitor: &Visitor, name: &'a str) -> &'a str {
    if name.is_empty() { visitor.words().device_unknown } else { name }
}

fn state(visitor: &Visitor, one: &Kept, proposed: bool) -> &'static str {
    let w = visitor.words();
    match one.state {
        "refused" => w.cannot_leave,
        _ if proposed => w.waits_second,
        _ => w.quarantined,
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// What the last decision came to; `uid` is the new UID of an object that was sent.
pub(super) fn done(visitor: &Visitor, what: &str, uid: &str) -> Markup {
    let w = visitor.words();
    let (class, said) = match what {
        "released" => ("good", w.done_released),
        "proposed" => ("good", w.done_proposed),
        "discarded" => ("good", w.done_discarded),
        "good" => ("good", w.done_good),
        "held-back" => ("notice", w.done_held_back),
        "sent-missed" | "sent-lost" => ("alarm", w.done_sent),
        "same-person" => ("alarm", w.done_same_person),
        "gone" => ("alarm", w.done_gone),
        "pile-wrong" => ("alarm", w.pile_wrong),
        _ => return html! {},
    };
    let why = if what == "sent-lost" { "quality" } else { "identifier-found" };
    let is_uid = !uid.is_empty() && uid.len() <= 64 && uid.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    html! {
        p class=(class) role="status" id="done" {
            (said)
            @if is_uid { br; code { "sumgil-edge --dir DIR recall " (uid) " --reason " (why) } }
        }
    }
}
