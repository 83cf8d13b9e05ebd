//! `POST /v1/enrol`.

use std::net::SocketAddr;

use axum::{
    Extension, Json,
    extract::{ConnectInfo, State, rejection::JsonRejection},
    response::{IntoResponse, Response},
};
use sumgil_transfer::EnrolRequest;

use super::{App, Problem, RequestId, auth};
use crate::{audit::Actor, clock, sites};

/// Turns a one-time token into a site's credential.
pub(super) async fn enrol(
    State(app): State<App>,
    Extension(request_id): Extension<RequestId>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    body: Result<Json<EnrolRequest>, JsonRejection>,
) -> Response {
    let Ok(Json(request)) = body else {
        return Problem::bad_request("the body is no enrolment request").into_response();
    };
    let actor = Actor {
        name: "edge".to_owned(),
        role: "site".to_owned(),
        origin: peer.map(|peer| peer.0.0.ip()),
        request: Some(request_id.0),
    };
    match sites::redeem(&app.registry, &request, actor, clock::now()).await {
        Ok(Some(reply)) => Json(reply).into_response(),
        Ok(None) => Problem::unauthenticated().into_response(),
        Err(error) => auth::failed(&error),
    }
}
