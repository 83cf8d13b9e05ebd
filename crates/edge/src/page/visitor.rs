//! Who asks: anybody, somebody who has logged in, somebody who sent a form of ours.

use std::collections::HashMap;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, Method, request::Parts},
};
use http_body_util::{BodyExt, Limited};
use sumgil_custody::{Credential, CredentialDigest};

use super::{Language, Page, Role, Words, cookies::cookie, refusal::Refusal};

/// Longest form, in bytes.
const LONGEST_FORM: usize = 1 << 20;

/// Anybody.
#[derive(Clone)]
pub(super) struct Visitor {
    pub(super) language: Language,
    /// Where they are: path and query.
    pub(super) place: String,
    pub(super) person: Option<Person>,
}

/// Somebody who has logged in.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) digest: CredentialDigest,
    /// What a form of ours carries.
    pub(super) csrf: String,
}

impl Visitor {
    pub(super) fn words(&self) -> &'static Words {
        Words::of(self.language)
    }
}

impl FromRequestParts<Page> for Visitor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, page: &Page) -> Result<Self, Refusal> {
        Ok(Self {
            language: Language::of_request(&parts.headers),
            place: parts.uri.path_and_query().map(|p| p.as_str().to_owned()).unwrap_or_default(),
            person: person(&parts.headers, page).await?,
        })
    }
}

/// Somebody who has logged in; others are sent to the log-in.
pub(super) struct Known {
    pub(super) visitor: Visitor,
    pub(super) person: Person,
}

impl FromRequestParts<Page> for Known {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, page: &Page) -> Result<Self, Refusal> {
        let visitor = Visitor::from_request_parts(parts, page).await?;
        match visitor.person.clone() {
            Some(person) => Ok(Self { visitor, person }),
            None if parts.uri.path().ends_with(".png") => Err(Refusal::Unknown),
            None if parts.method == Method::GET => Err(Refusal::LogIn(visitor.place)),
            None => Err(Refusal::LogIn("/".to_owned())),
        }
    }
}

/// A form of ours, sent by somebody who has logged in.
pub(super) struct Posted {
    pub(super) visitor: Visitor,
    pub(super) person: Person,
    pub(super) fields: Fields,
}

impl FromRequest<Page> for Posted {
    type Rejection = Refusal;

    async fn from_request(request: Request, page: &Page) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let Known { visitor, person } = Known::from_request_parts(&mut parts, page).await?;
        let fields = Fields::read(body).await?;
        if fields.get("csrf") != person.csrf {
            return Err(Refusal::NotOurs);
        }
        Ok(Self { visitor, person, fields })
    }
}

impl Posted {
    /// Goes on only for those who decide.
    pub(super) fn must_decide(&self) -> Result<(), Refusal> {
        if self.person.role.decides() { Ok(()) } else { Err(Refusal::Forbidden) }
    }
}

/// The fields of a form.
pub(super) struct Fields(HashMap<String, String>);

impl Fields {
    async fn read(body: axum::body::Body) -> Result<Self, Refusal> {
        let bytes = Limited::new(body, LONGEST_FORM).collect().await.map_err(|_| Refusal::NotOurs)?;
        let pairs = form_urlencoded::parse(&bytes.to_bytes()).into_owned().take(64).collect();
        Ok(Self(pairs))
    }

    /// The value of a field; empty when it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Whether a field was sent.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A note of bounded length.
    pub(super) fn note(&self) -> String {
        self.get("note").trim().chars().take(1000).collect()
    }

    /// A place of this page to go to; the start when it is none.
    pub(super) fn place(&self, name: &str) -> String {
        local_place(self.get(name)).to_owned()
    }
}

impl FromRequest<Page> for Fields {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &Page) -> Result<Self, Refusal> {
        Self::read(request.into_body()).await
    }
}

/// `place` if it is a path of this page, else the start.
pub(super) fn local_place(place: &str) -> &str {
    let is_local = place.starts_with('/')
        && !place.starts_with("//")
        && !place.contains(['\\', '\r', '\n'])
        && place.is_ascii()
        && place.len() < 2000;
    if is_local { place } else { "/" }
}

/// `text` for the query of an address.
pub(super) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The name of the session's cookie; with TLS one that browsers guard more closely.
pub(super) fn session_cookie(page: &Page) -> &'static str {
    if page.is_secure() { "__Host-sumgil" } else { "sumgil" }
}

async fn person(headers: &HeaderMap, page: &Page) -> Result<Option<Person>, Refusal> {
    let token = cookie(headers, session_cookie(page)).and_then(|text| Credential::from_text(text).ok());
    let Some(token) = token else { return Ok(None) };
    let digest = token.digest();
    let db = &page.edge().db;
    let Some(session) = db.session(&digest, page.now()).await? else { return Ok(None) };
    let Some(role) = Role::of(&session.role) else { return Ok(None) };
    let csrf = db.look_up("form", &[digest.as_str()]).to_string();
    Ok(Some(Person { name: session.account, role, digest, csrf }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(local_place("/review/5?reason=x"), "/review/5?reason=x");
        for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb"] {
            assert_eq!(local_place(elsewhere), "/");
        }
    }
}
