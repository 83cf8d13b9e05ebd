//! Every address of the registry.

use axum::{Router, middleware, routing::get};

use super::{Problem, frame};

/// The registry's addresses, with what goes around every request.
pub fn router() -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .fallback(async || Problem::not_found())
        .layer(middleware::from_fn(frame::frame))
}

/// Says that the program runs; nothing else.
async fn healthz() -> &'static str {
    "ok\n"
}
