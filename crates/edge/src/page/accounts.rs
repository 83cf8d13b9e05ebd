//! Who may use the page: for those who look after it.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use maud::html;

use super::{
    Page, Role,
    layout::{Here, csrf, layout, moment},
    refusal::Refusal,
    visitor::{Known, Posted},
};

/// `GET /accounts`.
pub(super) async fn list(State(page): State<Page>, known: Known) -> Result<Response, Refusal> {
    if known.person.role != Role::Admin {
        return Err(Refusal::Forbidden);
    }
    let (w, visitor) = (known.visitor.words(), &known.visitor);
    let accounts = page.edge().db.accounts().await?;
    let body = html! {
        h1 { (w.nav_accounts) }
        table class="wide" {
            thead { tr { th { (w.name) } th { (w.role) } th { (w.password_set) } th { (w.state) } th {} } }
            tbody {
                @for account in &accounts {
                    tr {
                        td { (account.name) }
                        td { (account.role) }
                        td { (moment(account.changed_at)) }
                        td { (if account.disabled { w.disabled } else { w.active }) }
                        td {
                            @if account.name != known.person.name {
                                form method="post" action="/accounts/switch" {
                                    (csrf(visitor))
                                    input type="hidden" name="name" value=(account.name);
                                    input type="hidden" name="disabled" value=(if account.disabled { "no" } else { "yes" });
                                    button { (if account.disabled { w.enable } else { w.disable }) }
                                }
                            }
                        }
                    }
                }
            }
        }
        p class="hint" { (w.accounts_how) br; code { "sumgil-edge --dir DIR account add NAME --role reviewer" } }
    };
    Ok(layout(visitor, Here::Accounts, w.nav_accounts, &body).into_response())
}

/// `POST /accounts/switch`.
pub(super) async fn switch(State(page): State<Page>, posted: Posted) -> Result<Response, Refusal> {
    let name = posted.fields.get("name");
    if posted.person.role != Role::Admin || name == posted.person.name {
        return Err(Refusal::Forbidden);
    }
    let disabled = posted.fields.get("disabled") == "yes";
    if !page.edge().db.set_disabled(name, disabled).await? {
        return Err(Refusal::NotFound);
    }
    let what = if disabled { "account disable" } else { "account enable" };
    page.edge().db.record_access(&posted.person.name, what, name).await?;
    Ok(Redirect::to("/accounts").into_response())
}
