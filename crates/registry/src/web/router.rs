//! Every address of the registry, and its handler.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, patch, post},
};
use sumgil_transfer::{MAX_PART_BYTES, http as protocol};

use super::{App, Problem, auth, enrol, frame, offers, statements, uploads};
use crate::dicomweb;

/// The registry's addresses, with what goes around every request. Who may use which stands in `routes`.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route(protocol::ENROL, post(enrol::enrol))
        .route(protocol::OFFERS, post(offers::offers))
        .route(protocol::STATEMENTS, post(statements::take))
        .route(protocol::UPLOADS, patch(uploads::part).head(uploads::offset))
        .nest(dicomweb::ROOT, dicomweb::router())
        .fallback(async || Problem::not_found())
        .layer(middleware::from_fn_with_state(app.clone(), auth::guard))
        .layer(DefaultBodyLimit::max(MAX_PART_BYTES as usize))
        .layer(middleware::from_fn(frame::frame))
        .with_state(app)
}

/// Says that the program runs; nothing else.
async fn healthz() -> &'static str {
    "ok\n"
}
