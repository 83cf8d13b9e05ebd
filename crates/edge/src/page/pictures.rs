//! Frames as PNG, for those who have logged in.

use axum::{
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use crate::{
    review::{Case, NoPicture, Side, parse_masks},
    spool::Kept,
};

use super::{Page, one::quarantined, refusal::Refusal, visitor::Known};

/// Which frame, with which masks.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    frame: usize,
    masks: Option<String>,
}

/// `GET /review/{id}/before.png`.
pub(super) async fn before(
    State(page): State<Page>,
    known: Known,
    Path(id): Path<i64>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let kept = quarantined(&page, id).await?;
    picture(&page, &known, kept, Side::Before, wanted.frame).await
}

/// `GET /review/{id}/after.png`.
pub(super) async fn after(
    State(page): State<Page>,
    known: Known,
    Path(id): Path<i64>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let kept = quarantined(&page, id).await?;
    let masks = wanted.masks.as_deref().map(|m| parse_masks(m).ok_or(Refusal::NotFound)).transpose()?;
    picture(&page, &known, kept, Side::After(masks), wanted.frame).await
}

/// `GET /samples/{id}/before.png`.
pub(super) async fn sample_before(
    State(page): State<Page>,
    known: Known,
    Path(id): Path<i64>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let sample = page.edge().db.sample(id).await?.ok_or(Refusal::NotFound)?;
    picture(&page, &known, sample.kept, Side::Before, wanted.frame).await
}

/// `GET /samples/{id}/after.png`.
pub(super) async fn sample_after(
    State(page): State<Page>,
    known: Known,
    Path(id): Path<i64>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let sample = page.edge().db.sample(id).await?.ok_or(Refusal::NotFound)?;
    // as it left, not as a newer detector would have it
    picture(&page, &known, sample.kept, Side::After(Some(sample.regions)), wanted.frame).await
}

async fn picture(
    page: &Page,
    known: &Known,
    kept: Kept,
    side: Side,
    frame: usize,
) -> Result<Response, Refusal> {
    if !page.has_looked(&known.person, kept.id) {
        page.note_look(&known.person, "picture open", kept.id).await?;
    }
    let case = Case::open(page.edge(), kept).await?;
    match page.gallery().picture(&case, side, frame).await {
        Ok(picture) => Ok(([(header::CONTENT_TYPE, "image/png")], picture.png).into_response()),
        Err(NoPicture::Edge(error)) => Err(error.into()),
        Err(NoPicture::NoSuchFrame) => Err(Refusal::NotFound),
        Err(no @ (NoPicture::Pixels(_) | NoPicture::NoResult)) => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, no.to_string()).into_response())
        }
    }
}
