//! Release, second, discard.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    review::parse_masks,
    spool::{Decider, Released},
};

use super::{Page, one::quarantined, queue::Filter, refusal::Refusal, visitor::Posted};

/// `POST /review/{id}/release`.
pub(super) async fn release(
    State(page): State<Page>,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Refusal> {
    posted.must_decide()?;
    let masks = match posted.fields.has("masks") {
        true => Some(parse_masks(posted.fields.get("masks")).ok_or(Refusal::NotOurs)?),
        false => None,
    };
    let note = posted.fields.note();
    let results =
        page.edge().db.release_with(&[id], masks.as_deref(), &decider(&page, &posted, &note)).await?;
    let result = results.first().map_or(Released::Gone, |r| r.1);
    Ok(onward(&page, id, result, &posted).await?)
}

/// `POST /review/{id}/second`.
pub(super) async fn second(
    State(page): State<Page>,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Refusal> {
    posted.must_decide()?;
    let at = posted.fields.get("proposal").parse().map_err(|_| Refusal::NotOurs)?;
    let note = posted.fields.note();
    let result = page.edge().db.second(id, at, &decider(&page, &posted, &note)).await?;
    Ok(onward(&page, id, result, &posted).await?)
}

/// `POST /review/{id}/discard`.
pub(super) async fn discard(
    State(page): State<Page>,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Refusal> {
    posted.must_decide()?;
    let note = posted.fields.note();
    if note.is_empty() {
        return Err(Refusal::NotOurs);
    }
    let kept = quarantined(&page, id).await?;
    let (_, segments) = page.edge().db.discard_because(&[kept], &decider(&page, &posted, &note)).await?;
    page.edge().free(&segments).await?;
    page.gallery().forget(id).await;
    Ok(to_next(&page, id, "discarded", &posted).await?)
}

pub(super) fn decider<'a>(page: &Page, posted: &'a Posted, note: &'a str) -> Decider<'a> {
    Decider { who: &posted.person.name, note, two_persons: page.edge().config.review.two_persons }
}

/// To the next instance when this one is done with, else back to it.
async fn onward(page: &Page, id: i64, result: Released, posted: &Posted) -> Result<Response, Refusal> {
    let done = match result {
        Released::Released => "released",
        Released::Proposed => "proposed",
        Released::SamePerson => "same-person",
        Released::Gone => "gone",
    };
    match result {
        Released::Released | Released::Proposed | Released::Gone => {
            page.gallery().forget(id).await;
            to_next(page, id, done, posted).await
        }
        Released::SamePerson => {
            let query = filter(posted).query();
            Ok(Redirect::to(&format!("/review/{id}?{query}&done={done}")).into_response())
        }
    }
}

async fn to_next(page: &Page, id: i64, done: &str, posted: &Posted) -> Result<Response, Refusal> {
    let filter = filter(posted);
    let next = page.edge().db.kept_page(&filter.shown(id, 1)).await?.pop();
    let place = next.map_or_else(String::new, |kept| format!("/{}", kept.id));
    Ok(Redirect::to(&format!("/review{place}?{}&done={done}", filter.query())).into_response())
}

fn filter(posted: &Posted) -> Filter {
    Filter {
        reason: posted.fields.get("reason").to_owned(),
        device: posted.fields.get("device").to_owned(),
        ..Filter::default()
    }
}
