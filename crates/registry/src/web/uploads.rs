//! `PATCH` and `HEAD` of `/v1/uploads/{digest}`.

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{Path, State, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sumgil_model::ObjectDigest;
use sumgil_transfer::http::{PART_SHA256, UPLOAD_OFFSET, encode};

use super::{App, Principal, Problem, auth};
use crate::audit::Actor;

/// Takes a part.
pub(super) async fn part(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Extension(actor): Extension<Actor>,
    Path(digest): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Principal::Site(site) = principal else { return Problem::forbidden().into_response() };
    let Ok(digest) = ObjectDigest::parse(&digest) else { return Problem::not_found().into_response() };
    let (Some(offset), Some(sha256)) = (offset_of(&headers), sha256_of(&headers)) else {
        let detail = format!("a part needs the headers {UPLOAD_OFFSET} and {PART_SHA256}");
        return Problem::bad_request(detail).into_response();
    };
    let bytes = match body {
        Ok(bytes) => bytes,
        Err(rejection) => return rejection.status().into_response(),
    };
    match app.uploads.part(&site, &digest, (offset, bytes, sha256), &actor).await {
        Ok(reply) => answer(encode(&reply)),
        Err(error) => auth::failed(&error),
    }
}

/// Tells the durable offset.
pub(super) async fn offset(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Path(digest): Path<String>,
) -> Response {
    let Principal::Site(site) = principal else { return Problem::forbidden().into_response() };
    let Ok(digest) = ObjectDigest::parse(&digest) else { return Problem::not_found().into_response() };
    let offset = app.uploads.offset(&site, &digest).await;
    (StatusCode::NO_CONTENT, [(UPLOAD_OFFSET, offset.to_string())]).into_response()
}

/// The protocol's answer as one of this server.
fn answer(answer: sumgil_transfer::http::Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if !answer.content_type.is_empty() {
        let value = HeaderValue::from_static(answer.content_type);
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    if let Some(offset) = answer.upload_offset {
        response.headers_mut().insert(UPLOAD_OFFSET, HeaderValue::from(offset));
    }
    response
}

fn offset_of(headers: &HeaderMap) -> Option<u64> {
    headers.get(UPLOAD_OFFSET)?.to_str().ok()?.parse().ok()
}

fn sha256_of(headers: &HeaderMap) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    hex::decode_to_slice(headers.get(PART_SHA256)?.to_str().ok()?, &mut out).ok()?;
    Some(out)
}
