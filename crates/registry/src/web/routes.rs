//! Every address with what it needs. An address that is not in this list answers nobody.

use http::Method;

use crate::Permission;

/// One address.
#[derive(Clone, Debug)]
pub struct Route {
    /// Method; `HEAD` of a `GET` address is the same.
    pub method: Method,
    /// Path as the router spells it.
    pub path: &'static str,
    /// Who may.
    pub permission: Permission,
    /// What the audit log calls it; none where the handler's own transaction writes the event.
    pub action: Option<&'static str>,
}

const fn route(
    method: Method,
    path: &'static str,
    permission: Permission,
    action: Option<&'static str>,
) -> Route {
    Route { method, path, permission, action }
}

const SEARCH: Option<&str> = Some("dicomweb.search");
const RETRIEVE: Option<&str> = Some("dicomweb.retrieve");
const METADATA: Option<&str> = Some("dicomweb.metadata");

use Permission::{Images, Public, Upload};

/// Every address of the registry.
pub const ROUTES: &[Route] = &[
    route(Method::GET, "/healthz", Public, None),
    route(Method::POST, "/v1/enrol", Public, None),
    route(Method::POST, "/v1/offers", Upload, None),
    route(Method::PATCH, "/v1/uploads/{digest}", Upload, None),
    route(Method::HEAD, "/v1/uploads/{digest}", Upload, None),
    route(Method::POST, "/v1/statements", Upload, None),
    route(Method::GET, "/dicom-web/studies", Images, SEARCH),
    route(Method::GET, "/dicom-web/series", Images, SEARCH),
    route(Method::GET, "/dicom-web/instances", Images, SEARCH),
    route(Method::GET, "/dicom-web/studies/{study}/series", Images, SEARCH),
    route(Method::GET, "/dicom-web/studies/{study}/instances", Images, SEARCH),
    route(Method::GET, "/dicom-web/studies/{study}/series/{series}/instances", Images, SEARCH),
    route(Method::GET, "/dicom-web/studies/{study}", Images, RETRIEVE),
    route(Method::GET, "/dicom-web/studies/{study}/series/{series}", Images, RETRIEVE),
    route(Method::GET, "/dicom-web/studies/{study}/series/{series}/instances/{instance}", Images, RETRIEVE),
    route(Method::GET, "/dicom-web/studies/{study}/metadata", Images, METADATA),
    route(Method::GET, "/dicom-web/studies/{study}/series/{series}/metadata", Images, METADATA),
    route(
        Method::GET,
        "/dicom-web/studies/{study}/series/{series}/instances/{instance}/metadata",
        Images,
        METADATA,
    ),
    route(
        Method::GET,
        "/dicom-web/studies/{study}/series/{series}/instances/{instance}/frames/{frames}",
        Images,
        RETRIEVE,
    ),
    route(
        Method::GET,
        "/dicom-web/studies/{study}/series/{series}/instances/{instance}/bulkdata/{*path}",
        Images,
        RETRIEVE,
    ),
];

/// What the address needs; none for an address that is not in the list.
pub(super) fn find(method: &Method, path: &str) -> Option<&'static Route> {
    let listed = |wanted: &Method| ROUTES.iter().find(|r| r.method == *wanted && r.path == path);
    match listed(method) {
        None if *method == Method::HEAD => listed(&Method::GET),
        found => found,
    }
}

/// Whether the address is in the list, for whatever method.
pub(super) fn knows(path: &str) -> bool {
    ROUTES.iter().any(|route| route.path == path)
}
