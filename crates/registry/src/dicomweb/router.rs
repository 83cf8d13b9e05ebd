//! The addresses below `/dicom-web`.

use axum::{Router, routing::get};

use super::{bulkdata, frames, metadata, qido, wado};
use crate::web::App;

/// QIDO-RS and WADO-RS.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route("/studies", get(qido::studies))
        .route("/series", get(qido::series))
        .route("/instances", get(qido::instances))
        .route("/studies/{study}/series", get(qido::series))
        .route("/studies/{study}/instances", get(qido::instances))
        .route("/studies/{study}/series/{series}/instances", get(qido::instances))
        .route("/studies/{study}", get(wado::retrieve))
        .route("/studies/{study}/series/{series}", get(wado::retrieve))
        .route("/studies/{study}/series/{series}/instances/{instance}", get(wado::retrieve))
        .route("/studies/{study}/metadata", get(metadata::metadata))
        .route("/studies/{study}/series/{series}/metadata", get(metadata::metadata))
        .route("/studies/{study}/series/{series}/instances/{instance}/metadata", get(metadata::metadata))
        .route("/studies/{study}/series/{series}/instances/{instance}/frames/{frames}", get(frames::retrieve))
        .route(
            "/studies/{study}/series/{series}/instances/{instance}/bulkdata/{*path}",
            get(bulkdata::retrieve),
        )
}
