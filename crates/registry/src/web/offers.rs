//! `POST /v1/offers`.

use axum::{
    Extension, Json,
    extract::{State, rejection::JsonRejection},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use sumgil_custody::VerifyingKey;
use sumgil_model::ProtocolId;
use sumgil_transfer::{ItemAnswer, MAX_OFFER, Manifest, Offer, OfferAnswer, OfferReply, RefusalCode};

use super::{App, Principal, Problem, auth};
use crate::{
    Error,
    audit::Actor,
    store::{protocols, sites},
};

/// Answers every manifest of an offer. Repeating it changes nothing.
pub(super) async fn offers(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
    Extension(actor): Extension<Actor>,
    body: Result<Json<Offer>, JsonRejection>,
) -> Response {
    let Principal::Site(site) = principal else { return Problem::forbidden().into_response() };
    let Ok(Json(offer)) = body else {
        return Problem::bad_request("the body is no offer").into_response();
    };
    if offer.manifests.len() > MAX_OFFER {
        let detail = format!("an offer has at most {MAX_OFFER} manifests");
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail).into_response();
    }
    let answers = async {
        let gate = Gate::of(&app, &site).await?;
        let mut answers = Vec::with_capacity(offer.manifests.len());
        for manifest in &offer.manifests {
            let answer = match gate.objection(manifest) {
                Some((code, detail)) => OfferAnswer::Refuse { code, detail: detail.to_owned() },
                None => app.uploads.offer(manifest, &actor).await?,
            };
            answers.push(ItemAnswer { digest: manifest.body.digest.clone(), answer });
        }
        Ok::<_, Error>(answers)
    };
    match answers.await {
        Ok(answers) => Json(OfferReply { answers }).into_response(),
        Err(error) => auth::failed(&error),
    }
}

/// What every manifest of a site must pass before the rows are asked.
struct Gate {
    site: sumgil_model::SiteId,
    key: VerifyingKey,
    protocols: Vec<ProtocolId>,
    object_bytes: u64,
}

impl Gate {
    async fn of(app: &App, site: &sumgil_model::SiteId) -> Result<Self, Error> {
        let row = sites::find(&app.registry.db, site).await?;
        let key = row.and_then(|row| row.edge_key).ok_or(Error::Key("the site's key"))?;
        let protocols = protocols::of_site(&app.registry.db, site).await?;
        Ok(Self {
            site: site.clone(),
            key: VerifyingKey::from_bytes(&key)?,
            protocols: protocols.into_iter().map(|protocol| protocol.id).collect(),
            object_bytes: app.registry.config.limits.object_bytes,
        })
    }

    fn objection(&self, manifest: &Manifest) -> Option<(RefusalCode, &'static str)> {
        if manifest.verify(&self.key).is_err() {
            return Some((RefusalCode::Malformed, "the manifest is not in order or not signed by this site"));
        }
        if manifest.body.context.site != self.site {
            return Some((RefusalCode::IdentityMismatch, "the manifest names another site"));
        }
        if manifest.body.size_bytes > self.object_bytes {
            return Some((RefusalCode::TooLarge, "the object is larger than this registry accepts"));
        }
        let known = self.protocols.contains(&manifest.body.protocol);
        (!known).then_some((RefusalCode::UnknownProtocol, "this site does not take part in the protocol"))
    }
}
