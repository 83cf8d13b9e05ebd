//! Logging in and out. Nobody learns whether a name exists: right and wrong names take the same way.

use std::time::Duration;

use axum::{
    extract::{Query, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;
use sumgil_custody::{Credential, password_fits};
use tokio::task::spawn_blocking;

use crate::{
    EdgeError,
    spool::{Account, LONGEST},
};

use super::{
    Page,
    cookies::set_cookie,
    layout::{Here, layout},
    refusal::Refusal,
    visitor::{Fields, Posted, Visitor, local_place, session_cookie},
};

/// After so many failures a name is closed for a while.
const MOST_FAILURES: u64 = 10;
/// Each failure makes the next answer later by so much.
const SLOWER: Duration = Duration::from_millis(50);

/// Where to go afterwards, and what to say.
#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
    #[serde(default)]
    done: String,
}

/// `GET /login`.
pub(super) async fn form(
    State(page): State<Page>,
    visitor: Visitor,
    Query(next): Query<Next>,
) -> Result<Response, Refusal> {
    let has_accounts = page.edge().db.has_accounts().await?;
    let said = (next.done == "password").then_some(visitor.words().password_changed);
    Ok(view(&visitor, local_place(&next.next), said, false, has_accounts).into_response())
}

/// `POST /login`.
pub(super) async fn log_in(
    State(page): State<Page>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Refusal> {
    let next = fields.place("next");
    let name = account_name(fields.get("name"));
    let Some(account) = accepted(&page, &name, fields.get("password")).await? else {
        let failed = visitor.words().log_in_refused;
        return Ok(view(&visitor, &next, Some(failed), true, true).into_response());
    };
    let token = Credential::generate(&mut rand::rng());
    page.edge().db.record_access(&account.name, "log in", "").await?;
    page.edge().db.begin_session(&token.digest(), &account.name, page.now()).await?;
    let next = if next == "/" { "/review" } else { &next };
    Ok(with_session(&page, Redirect::to(next), &token.reveal(), LONGEST.as_secs()))
}

/// `POST /logout`.
pub(super) async fn log_out(State(page): State<Page>, posted: Posted) -> Result<Response, Refusal> {
    page.edge().db.end_session(&posted.person.digest).await?;
    page.edge().db.record_access(&posted.person.name, "log out", "").await?;
    Ok(with_session(&page, Redirect::to("/login"), "", 0))
}

/// Names are lower case.
pub(super) fn account_name(text: &str) -> String {
    text.trim().to_lowercase().chars().take(64).collect()
}

/// The account, if it may log in with this password now. A failure is counted under the name that was typed.
async fn accepted(page: &Page, name: &str, password: &str) -> Result<Option<Account>, EdgeError> {
    let db = &page.edge().db;
    if is_closed(page, name).await? {
        return Ok(None);
    }
    let account = db.account(name).await?;
    let hash = account.as_ref().filter(|a| !a.disabled).map(|a| a.password.clone());
    if fits(page, password, hash).await? {
        return Ok(account);
    }
    let failures = db.count_failure(name, page.now()).await?;
    let who = account.as_ref().map_or("no such account", |a| a.name.as_str());
    db.record_access(who, "log in refused", "").await?;
    tracing::warn!(failures, "a log-in to the local page was refused");
    tokio::time::sleep(SLOWER * failures.min(20) as u32).await;
    Ok(None)
}

/// Whether there were too many failures under this name lately.
pub(super) async fn is_closed(page: &Page, name: &str) -> Result<bool, EdgeError> {
    Ok(page.edge().db.failures(name, page.now()).await? >= MOST_FAILURES)
}

/// Whether the password fits; a few are checked at once.
pub(super) async fn fits(page: &Page, password: &str, hash: Option<String>) -> Result<bool, EdgeError> {
    let stopped = || EdgeError::Stopped("the check of a password");
    let _permit = page.hashing().acquire().await.map_err(|_| stopped())?;
    let password = zeroize::Zeroizing::new(password.to_owned());
    spawn_blocking(move || password_fits(&password, hash.as_deref())).await.map_err(|_| stopped())
}

fn with_session(page: &Page, to: Redirect, token: &str, seconds: u64) -> Response {
    let mut response = to.into_response();
    if let Some(value) = set_cookie(session_cookie(page), token, seconds, page.is_secure()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

fn view(
    visitor: &Visitor,
    next: &str,
    said: Option<&str>,
    failed: bool,
    has_accounts: bool,
) -> impl IntoResponse + use<> {
    let w = visitor.words();
    let body = html! {
        section class="narrow card" {
            h1 { (w.log_in) }
            @if let Some(said) = said {
                p class=(if failed { "alarm" } else { "good" }) role="alert" { (said) }
            }
            @if !has_accounts { (how_to_add(visitor)) }
            form method="post" action="/login" class="column" {
                input type="hidden" name="next" value=(next);
                label { (w.name) input name="name" autocomplete="username" required autofocus maxlength="64"; }
                label {
                    (w.password)
                    input name="password" type="password" autocomplete="current-password" required maxlength="256";
                }
                button class="main" { (w.log_in) }
            }
            p class="hint" { (w.log_in_why) }
        }
    };
    layout(visitor, Here::LogIn, w.log_in, &body)
}

/// What to do when nobody can log in.
pub(super) fn how_to_add(visitor: &Visitor) -> Markup {
    html! {
        p class="notice" {
            (visitor.words().no_accounts) br;
            code { "sumgil-edge --dir DIR account add NAME --role reviewer" }
        }
    }
}
