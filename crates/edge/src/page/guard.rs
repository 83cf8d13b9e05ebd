//! Before every request: is it for us, does it come from our own page? After it: headers that keep it so.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{Page, refusal::Refusal};

/// Nothing from elsewhere, nothing inline, in no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A page in somebody's browser can make it ask 127.0.0.1 under a name of its own: such a host is not served. Nor is
/// a change that another page asks for.
pub(super) async fn guard(State(page): State<Page>, request: Request, next: Next) -> Response {
    let Some(host) = host(&request).filter(|host| page.answers_to(host)) else {
        let why = "this page is served under its own names only (status.hosts in edge.toml)\n";
        return (StatusCode::MISDIRECTED_REQUEST, why).into_response();
    };
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let response = if reads || is_our_own(request.headers(), &page, &host) {
        next.run(request).await
    } else {
        Refusal::NotOurs.into_response()
    };
    with_headers(response)
}

fn host(request: &Request) -> Option<String> {
    let named = request.headers().get(header::HOST).and_then(|h| h.to_str().ok()).map(str::to_owned);
    named.or_else(|| request.uri().authority().map(ToString::to_string))
}

/// Browsers say where a form was sent from; what says nothing is no browser of ours.
fn is_our_own(headers: &HeaderMap, page: &Page, host: &str) -> bool {
    let get = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let scheme = if page.is_secure() { "https" } else { "http" };
    let (origin, site) = (get("origin"), get("sec-fetch-site"));
    let fits = |origin: &str| origin.eq_ignore_ascii_case(&format!("{scheme}://{host}"));
    (origin.is_some() || site.is_some())
        && origin.is_none_or(fits)
        && site.is_none_or(|site| site == "same-origin")
}

fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("content-security-policy", POLICY),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
