//! What goes around every request: its id, its time limit, its line in the log, and the headers of every answer.

use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};

use super::Problem;

/// Longest time a request may take until its answer begins.
const TIME_LIMIT: Duration = Duration::from_secs(300);

/// Header that carries the request id.
pub static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request: random, made here, never taken from the client.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Headers of every answer.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
];

/// The outermost layer. The log line names the route, not the address: no UID, no query.
pub(super) async fn frame(mut request: Request, next: Next) -> Response {
    let id = format!("{:016x}", rand::random::<u64>());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-".to_owned(), |p| p.as_str().to_owned());
    request.extensions_mut().insert(RequestId(id.clone()));
    let begun = Instant::now();
    let answer = tokio::time::timeout(TIME_LIMIT, next.run(request)).await.unwrap_or_else(|_| timed_out());
    let mut answer = dressed(answer, &id);
    if let Ok(value) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(REQUEST_ID.clone(), value);
    }
    let status = answer.status().as_u16();
    let elapsed_ms = begun.elapsed().as_millis() as u64;
    tracing::info!(request_id = %id, %method, %route, status, elapsed_ms, "request");
    answer
}

fn timed_out() -> Response {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", "the request took too long").into_response()
}

/// Problems become documents; answers that say nothing but a status become problems.
fn dressed(answer: Response, id: &str) -> Response {
    let mut answer = match answer.extensions().get::<Problem>() {
        Some(problem) => problem.clone().render(id),
        None => match plain_problem(answer.status()) {
            Some(problem) if !answer.headers().contains_key(header::CONTENT_TYPE) || is_text(&answer) => {
                problem.render(id)
            }
            _ => answer,
        },
    };
    for (name, value) in HEADERS {
        answer.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    answer.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}

fn is_text(answer: &Response) -> bool {
    answer.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/plain"))
}

/// Errors that the framework itself answers with.
fn plain_problem(status: StatusCode) -> Option<Problem> {
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => ("not-found", "there is nothing here for this token"),
        StatusCode::METHOD_NOT_ALLOWED => ("method-not-allowed", "this address does not answer this method"),
        StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "the body is larger than this address takes"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("unsupported-media-type", "this address takes JSON"),
        status if status.is_client_error() => ("bad-request", "the request is not understood"),
        status if status.is_server_error() => ("internal", "the registry failed; try again later"),
        _ => return None,
    };
    Some(Problem::new(status, code, detail))
}
