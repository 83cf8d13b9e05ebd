//! `GET /` in HTML and `GET /status` in JSON, for requests that name this machine as their host.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    Edge, EdgeError, Standing,
    error::Tried,
    spool::{Alarm, Counts},
    upload::Line,
};

use super::page;

/// What the page shows.
#[derive(Clone)]
pub struct StatusPage {
    edge: Edge,
    line: Arc<Mutex<Line>>,
    address: SocketAddr,
}

/// The page as JSON.
#[derive(Serialize)]
pub(super) struct Status {
    pub(super) version: &'static str,
    pub(super) site: String,
    pub(super) registry: Line,
    pub(super) drained: bool,
    #[serde(flatten)]
    pub(super) counts: Counts,
    #[serde(flatten)]
    pub(super) standing: Standing,
    #[serde(rename = "alarm_list")]
    pub(super) alarms: Vec<Alarm>,
}

impl StatusPage {
    /// The page of `edge`, served at `address`.
    pub fn new(edge: &Edge, line: Arc<Mutex<Line>>, address: SocketAddr) -> Self {
        Self { edge: edge.clone(), line, address }
    }

    async fn status(&self) -> Result<Status, EdgeError> {
        let counts = self.edge.db.counts().await?;
        Ok(Status {
            version: env!("CARGO_PKG_VERSION"),
            site: self.edge.enrolment.site.to_string(),
            registry: self.line.lock().map(|line| line.clone()).unwrap_or_default(),
            drained: counts.drained(),
            counts,
            standing: Standing::of(&self.edge).await?,
            alarms: self.edge.db.alarms().await?,
        })
    }
}

/// Serves the page until `shutdown`.
///
/// # Errors
/// [`EdgeError::Io`] when the port fails.
pub async fn serve(
    listener: TcpListener,
    page: StatusPage,
    shutdown: CancellationToken,
) -> Result<(), EdgeError> {
    axum::serve(listener, router(page))
        .with_graceful_shutdown(shutdown.cancelled_owned())
        .await
        .tried("serve the status page")
}

fn router(page: StatusPage) -> Router {
    Router::new()
        .route("/", get(html))
        .route("/status", get(json))
        .layer(middleware::from_fn_with_state(page.clone(), only_this_host))
        .with_state(page)
}

/// A page in somebody's browser can make it ask 127.0.0.1 under a name of its own: such a host is not served.
async fn only_this_host(State(page): State<StatusPage>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let port = page.address.port();
    let ours = [page.address.to_string(), format!("localhost:{port}"), format!("127.0.0.1:{port}")];
    if !ours.iter().any(|name| name == host) {
        return (StatusCode::MISDIRECTED_REQUEST, "this page is served as localhost only\n").into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    );
    response
}

async fn json(State(page): State<StatusPage>) -> Response {
    answer(page.status().await.map(Json))
}

async fn html(State(page): State<StatusPage>) -> Response {
    answer(page.status().await.map(|status| Html(page::render(&status))))
}

fn answer(result: Result<impl IntoResponse, EdgeError>) -> Response {
    result.map_or_else(
        |error| {
            tracing::error!(%error, "the status page cannot be made");
            (StatusCode::INTERNAL_SERVER_ERROR, "the state cannot be read; see the log\n").into_response()
        },
        IntoResponse::into_response,
    )
}
