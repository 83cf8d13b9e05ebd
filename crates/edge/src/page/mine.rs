//! One's own account: a new password.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use maud::html;
use sumgil_custody::hash_password;
use tokio::task::spawn_blocking;

use crate::EdgeError;

use super::{
    Page, Role,
    layout::{Here, csrf, layout},
    login::{fits, is_closed},
    refusal::Refusal,
    visitor::{Known, Posted, Visitor},
};

/// Shortest password, in characters.
pub(crate) const SHORTEST: usize = 12;

/// `GET /account`.
pub(super) async fn mine(known: Known) -> Response {
    view(&known.visitor, None)
}

/// `POST /account/password`.
pub(super) async fn change(State(page): State<Page>, posted: Posted) -> Result<Response, Refusal> {
    let (w, fields, name) = (posted.visitor.words(), &posted.fields, &posted.person.name);
    let (new, again) = (fields.get("new"), fields.get("again"));
    if new.chars().count() < SHORTEST {
        return Ok(view(&posted.visitor, Some(w.password_short)));
    }
    if new != again {
        return Ok(view(&posted.visitor, Some(w.password_differs)));
    }
    let account = page.edge().db.account(name).await?.ok_or(Refusal::NotFound)?;
    if is_closed(&page, name).await? || !fits(&page, fields.get("now"), Some(account.password)).await? {
        page.edge().db.count_failure(name, page.now()).await?;
        return Ok(view(&posted.visitor, Some(w.log_in_refused)));
    }
    let new = zeroize::Zeroizing::new(new.to_owned());
    let hash = spawn_blocking(move || hash_password(&new, &mut rand::rng()))
        .await
        .map_err(|_| EdgeError::Stopped("a password's hash"))?
        .map_err(|_| EdgeError::Damaged("a password could not be hashed"))?;
    page.edge().db.set_password(name, &hash, page.now()).await?;
    page.edge().db.record_access(name, "account password", name).await?;
    Ok(Redirect::to("/login?done=password").into_response())
}

fn view(visitor: &Visitor, wrong: Option<&str>) -> Response {
    let w = visitor.words();
    let role = visitor.person.as_ref().map(|p| match p.role {
        Role::Viewer => w.role_viewer,
        Role::Reviewer => w.role_reviewer,
        Role::Admin => w.role_admin,
    });
    let field = |name: &str, label: &str, kind: &str| {
        html! { label { (label) input name=(name) type="password" autocomplete=(kind) required maxlength="256"; } }
    };
    let body = html! {
        section class="narrow card" {
            h1 { (w.nav_mine) }
            @if let Some(role) = role { p class="hint" { (role) } }
            @if let Some(wrong) = wrong { p class="alarm" role="alert" { (wrong) } }
            form method="post" action="/account/password" class="column" {
                (csrf(visitor))
                (field("now", w.password_now, "current-password"))
                (field("new", w.password_new, "new-password"))
                (field("again", w.password_again, "new-password"))
                button class="main" { (w.password_change) }
            }
            p class="hint" { (w.password_changed_ends) }
        }
    };
    layout(visitor, Here::Mine, w.nav_mine, &body).into_response()
}
