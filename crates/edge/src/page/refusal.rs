//! Answers that are none: said in both languages, for nobody knows yet who reads them.

use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use maud::{DOCTYPE, html};

use crate::EdgeError;

use super::{Language, Words};

/// Why a request is not answered.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Somebody has to log in first; then they come back here.
    LogIn(String),
    /// The same for what is no page.
    Unknown,
    /// The role may not.
    Forbidden,
    /// There is none.
    NotFound,
    /// It did not come from our page.
    NotOurs,
    /// It failed here.
    Failed(EdgeError),
}

impl From<EdgeError> for Refusal {
    fn from(error: EdgeError) -> Self {
        Self::Failed(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        type Said = fn(&Words) -> &'static str;
        let (status, said): (_, Said) = match self {
            Self::LogIn(next) => {
                let next = super::visitor::encoded(&next);
                return Redirect::to(&format!("/login?next={next}")).into_response();
            }
            Self::Unknown => (StatusCode::UNAUTHORIZED, |w| w.log_in),
            Self::Forbidden => (StatusCode::FORBIDDEN, |w| w.forbidden),
            Self::NotFound => (StatusCode::NOT_FOUND, |w| w.not_found),
            Self::NotOurs => (StatusCode::FORBIDDEN, |w| w.refused_request),
            Self::Failed(error) => {
                tracing::error!(%error, "the local page failed");
                (StatusCode::INTERNAL_SERVER_ERROR, |w| w.failed)
            }
        };
        (status, Html(plain(said))).into_response()
    }
}

fn plain(said: fn(&Words) -> &'static str) -> String {
    let (english, korean) = (Words::of(Language::English), Words::of(Language::Korean));
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (english.site_name) }
                link rel="stylesheet" href="/assets/page.css";
            }
            body {
                main class="narrow" {
                    p { (said(english)) }
                    p lang="ko" { (said(korean)) }
                    p { a href="/" { (english.nav_counts) " · " (korean.nav_counts) } }
                }
            }
        }
    }
    .into_string()
}
