//! What every DICOMweb request brings: who asks, what they take, and under which address they know us.

use std::collections::HashMap;

use axum::{
    extract::{FromRequestParts, Path},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header, request::Parts};
use sumgil_dicom::web::{Accept, Offer};
use sumgil_model::SiteId;

use crate::{
    Error,
    web::{App, Principal, Problem, failed},
};

/// Root of every address here.
pub(crate) const ROOT: &str = "/dicom-web";

/// A request, as its handlers need it.
pub(super) struct Asked {
    /// The only site that the asker may see.
    pub(super) site: Option<SiteId>,
    /// Path parameters.
    pub(super) parameters: HashMap<String, String>,
    /// The raw query string.
    pub(super) query: String,
    /// This server's root as the client wrote it, `https://host/dicom-web`.
    pub(super) base: String,
    accept: Vec<String>,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Path(parameters) = Path::<HashMap<String, String>>::from_request_parts(parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        // Nobody comes here without a principal; if somebody did, they would see nothing.
        let Some(principal) = parts.extensions.get::<Principal>() else {
            return Err(Problem::forbidden().into_response());
        };
        let accept = parts.headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok());
        Ok(Self {
            site: principal.only_site().cloned(),
            parameters,
            query: parts.uri.query().unwrap_or_default().to_owned(),
            base: base(app, &parts.headers, parts.uri.authority().map(http::uri::Authority::as_str)),
            accept: accept.map(str::to_owned).collect(),
        })
    }
}

impl Asked {
    /// The offer that the client likes best.
    pub(super) fn best(&self, offers: &[Offer<'_>]) -> Result<usize, Problem> {
        Accept::parse(self.accept.iter().map(String::as_str)).best(offers).ok_or_else(|| {
            let have: Vec<&str> = offers.iter().map(|offer| offer.media_type).collect();
            let detail = format!("this resource can be had as {}", have.join(", "));
            Problem::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable", detail)
        })
    }
}

/// The configured public address, else the one that the client used.
fn base(app: &App, headers: &HeaderMap, authority: Option<&str>) -> String {
    if let Some(url) = &app.registry.config.public_url {
        return format!("{}{ROOT}", url.trim_end_matches('/'));
    }
    let host = authority.or_else(|| headers.get(header::HOST)?.to_str().ok()).unwrap_or_default();
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b':' | b'-' | b'[' | b']');
    match !host.is_empty() && host.bytes().all(plain) {
        true => format!("{}://{host}{}{ROOT}", app.scheme, unnamed_port(app, host)),
        false => ROOT.to_owned(),
    }
}

/// Some clients leave the port out of the Host field although they connect to another than the usual one.
fn unnamed_port(app: &App, host: &str) -> String {
    let named = host.rsplit(']').next().unwrap_or(host).contains(':');
    let usual = if app.scheme == "https" { 443 } else { 80 };
    match app.port {
        Some(port) if !named && port != usual => format!(":{port}"),
        _ => String::new(),
    }
}

/// An answer, or why there is none.
pub(super) enum Refusal {
    /// The client's fault.
    Problem(Problem),
    /// Ours.
    Error(Error),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Error(Error::Destroyed) => {
                Problem::new(StatusCode::GONE, "withdrawn", "the subject has withdrawn").into_response()
            }
            Self::Error(error) => failed(&error),
        }
    }
}
