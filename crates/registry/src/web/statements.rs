//! `POST /v1/statements`.

use axum::{
    Extension, Json,
    extract::{State, rejection::JsonRejection},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use sumgil_custody::VerifyingKey;
use sumgil_model::SiteId;
use sumgil_transfer::{TransferError, statement::Statement};

use super::{App, Principal, Problem, auth};
use crate::{
    Error,
    audit::{self, Actor},
    clock, statements,
    store::sites,
};

/// Takes a statement of the site that asks, and answers it under the registry's signature.
pub(super) async fn take(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Extension(actor): Extension<Actor>,
    body: Result<Json<Statement>, JsonRejection>,
) -> Response {
    let Principal::Site(site) = principal else { return Problem::forbidden().into_response() };
    let Ok(Json(statement)) = body else {
        return Problem::bad_request("the body is no statement").into_response();
    };
    let taken = tokio::spawn(async move {
        // In a task of its own: a client that goes away stops no erasure half done.
        if let Some(fault) = objection(&app, &site, &statement).await? {
            refuse(&app, &actor).await?;
            return Ok(Err(fault));
        }
        statements::take(&app.registry, &statement, &actor, clock::now()).await.map(Ok)
    });
    match taken.await.unwrap_or(Err(Error::Stopped)) {
        Ok(Ok(answer)) => Json(answer).into_response(),
        Ok(Err(fault)) => {
            let detail = format!("{fault}; nothing was done");
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-statement", detail).into_response()
        }
        Err(error) => auth::failed(&error),
    }
}

/// What is wrong with the statement before anything happens.
async fn objection(app: &App, site: &SiteId, statement: &Statement) -> Result<Option<TransferError>, Error> {
    let row = sites::find(&app.registry.db, site).await?;
    let key = row.and_then(|row| row.edge_key).ok_or(Error::Key("the site's key"))?;
    if statement.body.site != *site {
        return Ok(Some(TransferError::Statement("it names another site")));
    }
    Ok(statement.verify(&VerifyingKey::from_bytes(&key)?).err())
}

async fn refuse(app: &App, actor: &Actor) -> Result<(), Error> {
    let mut entry = actor.did("statement.refuse", clock::now());
    "bad-statement".clone_into(&mut entry.outcome);
    audit::record(&app.registry.db, entry).await?;
    Ok(())
}
