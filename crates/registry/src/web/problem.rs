//! Errors as problem documents (RFC 9457). A problem never repeats what was sent.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

/// An answer that is no success. The body is rendered at the very end, when the request id is known.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    members: Map<String, Value>,
}

impl Problem {
    /// A problem with its stable machine word and one sentence for people.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), members: Map::new() }
    }

    /// Adds an extension member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// The machine word.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// 400: the request is not understood.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    /// 401: no token, or one that is not known.
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "a valid bearer token is needed")
    }

    /// 403: the token's role does not allow this.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "the role of this token does not allow this request")
    }

    /// 404: nothing here, or nothing that this token may know of.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "there is nothing here for this token")
    }

    /// 500: the centre's own fault; the reason is in its log under the request id.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the registry failed; try again later")
    }

    /// The document, with the id of the request that it answers.
    pub fn document(&self, request_id: &str) -> Value {
        let mut members = self.members.clone();
        members.insert("type".to_owned(), json!(format!("urn:sumgil:problem:{}", self.code)));
        members.insert("title".to_owned(), json!(self.status.canonical_reason().unwrap_or("problem")));
        members.insert("status".to_owned(), json!(self.status.as_u16()));
        members.insert("code".to_owned(), json!(self.code));
        members.insert("detail".to_owned(), json!(self.detail));
        members.insert("request_id".to_owned(), json!(request_id));
        Value::Object(members)
    }

    /// The answer with its document as body.
    pub fn render(&self, request_id: &str) -> Response {
        let body = self.document(request_id).to_string();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
