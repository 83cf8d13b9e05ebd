//! Who asks, and whether they may. Deny by default.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, MatchedPath, RawPathParams, Request, State, rejection::RawPathParamsRejection},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use sumgil_custody::Credential;
use sumgil_model::SiteId;

use super::{App, Problem, RequestId, routes};
use crate::{
    Error, Permission, Role,
    audit::{self, Actor},
    clock,
    store::tokens::{self, Holder},
};

/// Whoever holds a valid token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A site's machine.
    Site(SiteId),
    /// A person.
    Person {
        /// Login name.
        name: String,
        /// What they are there for.
        role: Role,
        /// The site whose data alone they may see.
        site: Option<SiteId>,
    },
}

impl Principal {
    /// Whether they may do `what`. A hospital's person without a hospital may nothing.
    pub fn may(&self, what: Permission) -> bool {
        match self {
            Self::Site(_) => matches!(what, Permission::Public | Permission::Known | Permission::Upload),
            Self::Person { role: Role::Hospital, site: None, .. } => {
                matches!(what, Permission::Public | Permission::Known)
            }
            Self::Person { role, .. } => role.may(what),
        }
    }

    /// The one site that they may see; none when they may see all.
    pub fn only_site(&self) -> Option<&SiteId> {
        match self {
            Self::Site(site) => Some(site),
            Self::Person { site, .. } => site.as_ref(),
        }
    }

    fn actor(&self, origin: Option<IpAddr>, request: String) -> Actor {
        let (name, role) = match self {
            Self::Site(site) => (format!("site:{site}"), "site".to_owned()),
            Self::Person { name, role, .. } => (name.clone(), role.as_str().to_owned()),
        };
        Actor { name, role, origin, request: Some(request) }
    }
}

/// Stands before every handler: finds who asks, refuses what is not written in the list of routes, waits for
/// the site's turn, and writes the access into the audit log before the handler runs.
pub(super) async fn guard(
    State(app): State<App>,
    parameters: Result<RawPathParams, RawPathParamsRejection>,
    mut request: Request,
    next: Next,
) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .and_then(|path| routes::find(request.method(), path.as_str()));
    if route.is_some_and(|route| route.permission == Permission::Public) {
        return next.run(request).await;
    }
    let principal = match authenticate(&app, request.headers()).await {
        Ok(Some(principal)) => principal,
        Ok(None) => return Problem::unauthenticated().into_response(),
        Err(error) => return failed(&error),
    };
    let Some(route) = route else { return closed(request.extensions().get::<MatchedPath>()).into_response() };
    let actor = principal.actor(origin(&request), request_id(&request));
    let allowed = principal.may(route.permission);
    if route.action.is_some() || !allowed {
        let mut entry = actor.did(route.action.unwrap_or("request"), clock::now());
        entry.object = Some(object(route.path, parameters.as_ref().ok()));
        if !allowed {
            entry.outcome = "forbidden".to_owned();
        }
        if let Err(error) = audit::record(&app.registry.db, entry).await {
            return failed(&error.into());
        }
    }
    if !allowed {
        return Problem::forbidden().into_response();
    }
    let _turn = match &principal {
        Principal::Site(site) => app.turns(site).acquire_owned().await.ok(),
        Principal::Person { .. } => None,
    };
    request.extensions_mut().insert(principal);
    request.extensions_mut().insert(actor);
    next.run(request).await
}

/// The answer for what is not in the list of routes, whatever the router would do with it.
fn closed(path: Option<&MatchedPath>) -> Problem {
    match path {
        Some(path) if routes::knows(path.as_str()) => Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "this address does not answer this method",
        ),
        _ => Problem::not_found(),
    }
}

async fn authenticate(app: &App, headers: &HeaderMap) -> Result<Option<Principal>, Error> {
    let Some(credential) = bearer(headers) else { return Ok(None) };
    let hash = sumgil_custody::sha256(credential.expose());
    let holder = tokens::holder(&app.registry.db, &hash, clock::now()).await?;
    Ok(match holder {
        None => None,
        Some(Holder::Site(site)) => Some(Principal::Site(site)),
        Some(Holder::User { name, role, site }) => {
            role.parse().ok().map(|role| Principal::Person { name, role, site })
        }
    })
}

/// The credential of `Authorization: Bearer`.
fn bearer(headers: &HeaderMap) -> Option<Credential> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Credential::from_text(token).ok())?
}

fn origin(request: &Request) -> Option<IpAddr> {
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())
}

fn request_id(request: &Request) -> String {
    request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone())
}

/// What was asked for, as the audit log says it: the address with its UIDs, each only if it is one.
fn object(path: &str, parameters: Option<&RawPathParams>) -> String {
    parameters.into_iter().flatten().fold(path.to_owned(), |object, (name, value)| {
        let shown = match value.bytes().all(|b| b.is_ascii_hexdigit() || b == b'.' || b == b',') {
            true if value.len() <= 128 => value,
            _ => "malformed",
        };
        object.replace(&format!("{{{name}}}"), shown)
    })
}

/// A failure of the centre itself: its reason goes to the log, not into the answer.
pub(crate) fn failed(error: &Error) -> Response {
    tracing::error!(%error, "a request failed");
    Problem::internal().into_response()
}
