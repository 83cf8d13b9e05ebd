//! The counts: on this machine for everybody, beyond it for those who have logged in.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use maud::{PreEscaped, html};

use super::{
    Page,
    layout::{Here, layout},
    login::how_to_add,
    reasons::{count, reason},
    refusal::Refusal,
    visitor::Visitor,
};

/// `GET /`.
pub(super) async fn html(State(page): State<Page>, visitor: Visitor) -> Result<Response, Refusal> {
    may_see(&page, &visitor)?;
    let status = page.status().status().await?;
    let has_accounts = page.edge().db.has_accounts().await?;
    let language = visitor.language;
    let table = crate::status::table(&status, |name| {
        // a row's name, or the machine word of a reason
        match count(language, name) {
            same if same == name => reason(language, name).to_owned(),
            said => said.to_owned(),
        }
    });
    let w = visitor.words();
    let body = html! {
        section class="counts" {
            h1 { (status.site()) }
            @if !has_accounts { (how_to_add(&visitor)) }
            (PreEscaped(table))
            p class="hint" { (w.counts_version) " " (env!("CARGO_PKG_VERSION")) ". " (w.counts_json) " "
                a href="/status" { "/status" } }
        }
    };
    Ok(layout(&visitor, Here::Counts, w.nav_counts, &body).into_response())
}

/// `GET /status`.
pub(super) async fn json(State(page): State<Page>, visitor: Visitor) -> Result<Response, Refusal> {
    may_see(&page, &visitor)?;
    Ok(Json(page.status().status().await?).into_response())
}

fn may_see(page: &Page, visitor: &Visitor) -> Result<(), Refusal> {
    if page.is_local() || visitor.person.is_some() {
        Ok(())
    } else {
        Err(Refusal::LogIn(visitor.place.clone()))
    }
}
