//! Every address of the page.

use axum::{
    Router,
    extract::State,
    http::header,
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

use super::{
    Language, Page, accounts, cookies::set_cookie, counts, decide, guard::guard, language, log, login, mine,
    one, pictures, piles, queue, refusal::Refusal, samples, visitor::Fields,
};

const STYLE: &str = include_str!("assets/page.css");
const SCRIPT: &str = include_str!("assets/page.js");
const ICON: &str = include_str!("assets/icon.svg");
/// The language stays chosen for a year.
const YEAR_SECONDS: u64 = 365 * 86_400;

/// The whole page.
pub fn router(page: Page) -> Router {
    let open = Router::new()
        .route("/", get(counts::html))
        .route("/status", get(counts::json))
        .route("/login", get(login::form).post(login::log_in))
        .route("/language", post(choose_language))
        .route("/assets/page.css", get(|| asset("text/css; charset=utf-8", STYLE)))
        .route("/assets/page.js", get(|| asset("text/javascript; charset=utf-8", SCRIPT)))
        .route("/assets/icon.svg", get(|| asset("image/svg+xml", ICON)));
    let known = Router::new()
        .route("/logout", post(login::log_out))
        .route("/account", get(mine::mine))
        .route("/account/password", post(mine::change))
        .route("/accounts", get(accounts::list))
        .route("/accounts/switch", post(accounts::switch))
        .route("/review", get(queue::list))
        .route("/review/{id}", get(one::one))
        .route("/review/{id}/before.png", get(pictures::before))
        .route("/review/{id}/after.png", get(pictures::after))
        .route("/review/{id}/release", post(decide::release))
        .route("/review/{id}/second", post(decide::second))
        .route("/review/{id}/discard", post(decide::discard))
        .route("/piles", get(piles::form))
        .route("/piles/release", post(piles::release))
        .route("/samples", get(samples::list))
        .route("/samples/{id}", get(samples::one))
        .route("/samples/{id}/before.png", get(pictures::sample_before))
        .route("/samples/{id}/after.png", get(pictures::sample_after))
        .route("/samples/{id}/judge", post(samples::judge))
        .route("/log", get(log::log));
    open.merge(known)
        .fallback(|| async { Refusal::NotFound })
        .layer(middleware::from_fn_with_state(page.clone(), guard))
        .with_state(page)
}

async fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

async fn choose_language(State(page): State<Page>, fields: Fields) -> Result<Response, Refusal> {
    let chosen = Language::of(fields.get("language")).ok_or(Refusal::NotOurs)?;
    let mut response = Redirect::to(&fields.place("back")).into_response();
    if let Some(value) = set_cookie(language::COOKIE, chosen.tag(), YEAR_SECONDS, page.is_secure()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}
