//! A whole pile at once: one reason, one device, a number typed by hand.

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use maud::html;

use crate::spool::Kept;

use super::{
    Page,
    decide::decider,
    layout::{Here, csrf, layout},
    queue::{Filter, device, done},
    reasons,
    refusal::Refusal,
    visitor::{Known, Posted},
};

/// Most instances that are released together.
const MOST: i64 = 10_000;

/// `GET /piles`.
pub(super) async fn form(
    State(page): State<Page>,
    known: Known,
    Query(filter): Query<Filter>,
) -> Result<Response, Refusal> {
    if !known.person.role.decides() {
        return Err(Refusal::Forbidden);
    }
    let pile = pile(&page, &filter).await?;
    let first = pile.first().ok_or(Refusal::NotFound)?;
    let (w, visitor) = (known.visitor.words(), &known.visitor);
    let body = html! {
        section class="narrow card" {
            h1 { (w.pile_title) }
            (done(visitor, &filter.done, ""))
            dl {
                dt { (w.reason) } dd { (reasons::reason(visitor.language, &filter.reason)) }
                dt { (w.device) } dd { (device(visitor, &first.device)) }
                dt { (w.pile_count) } dd id="pile-count" { (pile.len()) }
            }
            p class="notice" { (w.pile_warn) }
            form method="post" action="/piles/release" class="column" {
                (csrf(visitor))
                input type="hidden" name="reason" value=(filter.reason);
                input type="hidden" name="device" value=(filter.device);
                label { (w.pile_type) input name="count" inputmode="numeric" required autocomplete="off"; }
                label { (w.note) textarea name="note" rows="3" maxlength="1000" {} }
                div class="row" {
                    button class="main" { (w.confirm) }
                    a href="/review" { (w.cancel) }
                }
            }
        }
    };
    Ok(layout(visitor, Here::Review, w.pile_title, &body).into_response())
}

/// `POST /piles/release`.
pub(super) async fn release(State(page): State<Page>, posted: Posted) -> Result<Response, Refusal> {
    posted.must_decide()?;
    let filter = Filter {
        reason: posted.fields.get("reason").to_owned(),
        device: posted.fields.get("device").to_owned(),
        ..Filter::default()
    };
    let pile = pile(&page, &filter).await?;
    let typed = posted.fields.get("count").trim().parse().ok();
    if pile.is_empty() || typed != Some(pile.len()) {
        let again = format!("/piles?{}&done=pile-wrong", filter.query());
        return Ok(Redirect::to(&again).into_response());
    }
    let ids: Vec<i64> = pile.iter().map(|kept| kept.id).collect();
    let note = posted.fields.note();
    let by = decider(&page, &posted, &note);
    page.edge().db.release_with(&ids, None, &by).await?;
    let done = if by.two_persons { "proposed" } else { "released" };
    Ok(Redirect::to(&format!("/review?done={done}")).into_response())
}

/// Everything in quarantine for exactly this reason, of exactly this device.
async fn pile(page: &Page, filter: &Filter) -> Result<Vec<Kept>, Refusal> {
    if filter.reason.is_empty() || filter.device.is_empty() {
        return Err(Refusal::NotFound);
    }
    let mut pile = page.edge().db.kept_page(&filter.shown(0, MOST)).await?;
    pile.retain(|kept| kept.state == "quarantined" && kept.reasons.len() == 1);
    Ok(pile)
}
