//! Samples of what was cleared: a person compares original and result, and says how good it is.

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    review::Case,
    spool::{Judged, Sample, Verdict},
};

use super::{
    Page,
    decide::decider,
    layout::{Here, layout, moment},
    one::{Masks, dialog, look, main_part},
    queue::{device, done},
    refusal::Refusal,
    stage,
    visitor::{Known, Posted, Visitor},
};

/// Rows on one page.
const ROWS: i64 = 50;

/// What the last verdict came to.
#[derive(Default, Deserialize)]
pub(super) struct Last {
    #[serde(default)]
    done: String,
    #[serde(default)]
    uid: String,
    #[serde(default)]
    after: i64,
}

/// `GET /samples`.
pub(super) async fn list(
    State(page): State<Page>,
    known: Known,
    Query(last): Query<Last>,
) -> Result<Response, Refusal> {
    let mut samples = page.edge().db.samples(last.after, ROWS + 1).await?;
    let more = samples.len() as i64 > ROWS;
    samples.truncate(ROWS as usize);
    let dropped = page.edge().db.counts().await?.samples_dropped;
    let (w, visitor) = (known.visitor.words(), &known.visitor);
    let body = html! {
        (done(visitor, &last.done, &last.uid))
        h1 { (w.samples_title) }
        p class="hint" { (w.samples_why) }
        @if dropped > 0 { p class="notice" { (w.samples_dropped) " " (dropped) } }
        @if samples.is_empty() { p class="good" { (w.samples_none) } } @else { (rows(visitor, &samples)) }
        @if more && let Some(last) = samples.last() {
            p { a href={ "/samples?after=" (last.kept.id) } { (w.next_page) } }
        }
    };
    Ok(layout(visitor, Here::Samples, w.nav_samples, &body).into_response())
}

fn rows(visitor: &Visitor, samples: &[Sample]) -> Markup {
    let w = visitor.words();
    html! {
        table class="wide" {
            thead { tr {
                th { (w.number) } th { (w.modality) } th { (w.device) } th { (w.received) } th { (w.state) }
            } }
            tbody {
                @for sample in samples {
                    @let one = &sample.kept;
                    tr {
                        td class="number" { a class="item" href={ "/samples/" (one.id) } { (one.id) } }
                        td { (one.modality) }
                        td { a href={ "/samples/" (one.id) } { (device(visitor, &one.device)) } }
                        td class="number" { (moment(one.received_at)) }
                        td { (object(visitor, sample)) }
                    }
                }
            }
        }
    }
}

fn object(visitor: &Visitor, sample: &Sample) -> &'static str {
    match sample.object.as_str() {
        "sent" => visitor.words().object_sent,
        _ => visitor.words().object_spooled,
    }
}

/// `GET /samples/{id}`.
pub(super) async fn one(
    State(page): State<Page>,
    known: Known,
    Path(id): Path<i64>,
    Query(last): Query<Last>,
) -> Result<Response, Refusal> {
    let db = &page.edge().db;
    let sample = db.sample(id).await?.ok_or(Refusal::NotFound)?;
    page.note_look(&known.person, "sample open", id).await?;
    let next = db.samples(id, 1).await?.first().map(|s| s.kept.id);
    let previous = db.sample_before(id).await?;
    let case = Case::open(page.edge(), sample.kept.clone()).await?;
    let looked = look(&page, case, format!("/samples/{id}"), Masks::Used(sample.regions.clone())).await?;
    let (w, visitor) = (known.visitor.words(), &known.visitor);
    let body = html! {
        (done(visitor, &last.done, &last.uid))
        (head(visitor, &sample, previous, next))
        div class="case" {
            div class="main-part" {
                (main_part(visitor, &looked))
                @if looked.stage.is_none() { (stage::texts(visitor, &looked.rows, true)) }
            }
            aside {
                @if known.person.role.decides() { (verdicts(visitor, id)) } @else {
                    p class="hint" { (w.viewer_only) }
                }
                (stage::facts(visitor, &looked.facts))
            }
        }
        @if looked.stage.is_some() { (stage::texts(visitor, &looked.rows, false)) }
        p class="hint" { (w.keys_samples) }
    };
    Ok(layout(visitor, Here::Samples, &format!("{} {id}", w.nav_samples), &body).into_response())
}

fn head(visitor: &Visitor, sample: &Sample, previous: Option<i64>, next: Option<i64>) -> Markup {
    let (w, kept) = (visitor.words(), &sample.kept);
    html! {
        div class="row head" {
            h1 { "#" (kept.id) " " (device(visitor, &kept.device)) }
            span class="hint" {
                (kept.modality) " · " (w.received) " " (moment(kept.received_at)) " · " (object(visitor, sample))
            }
            nav class="steps" {
                @if let Some(id) = previous { a rel="prev" href={ "/samples/" (id) } { "← " (w.previous) } }
                a href="/samples" { (w.back_to_list) }
                @if let Some(id) = next { a rel="next" href={ "/samples/" (id) } { (w.next) " →" } }
            }
        }
    }
}

fn verdicts(visitor: &Visitor, id: i64) -> Markup {
    let w = visitor.words();
    let action = format!("/samples/{id}/judge");
    let choices = [
        (Verdict::Good, "g", w.sample_good, w.sample_good_sure, "main"),
        (Verdict::TextMissed, "t", w.sample_missed, w.sample_missed_sure, "danger"),
        (Verdict::AnatomyLost, "a", w.sample_lost, w.sample_lost_sure, "danger"),
    ];
    html! {
        h2 { (w.decision) }
        div class="column" {
            @for (verdict, key, name, _, class) in &choices {
                button type="button" class=(class) data-dialog={ "dialog-" (verdict.code()) } data-key=(key) { (name) }
            }
        }
        @for (verdict, _, _, sure, _) in &choices {
            @let fields = html! { input type="hidden" name="verdict" value=(verdict.code()); };
            (dialog(visitor, &format!("dialog-{}", verdict.code()), &action, sure, w.note, false, &fields))
        }
    }
}

/// `POST /samples/{id}/judge`.
pub(super) async fn judge(
    State(page): State<Page>,
    Path(id): Path<i64>,
    posted: Posted,
) -> Result<Response, Refusal> {
    posted.must_decide()?;
    let verdict = Verdict::of(posted.fields.get("verdict")).ok_or(Refusal::NotOurs)?;
    let edge = page.edge();
    let sample = edge.db.sample(id).await?.ok_or(Refusal::NotFound)?;
    let note = posted.fields.note();
    let (judged, freed) = edge.db.judge(&sample, verdict, &decider(&page, &posted, &note)).await?;
    edge.free(&freed).await?;
    page.gallery().forget(id).await;
    if verdict != Verdict::Good {
        tracing::warn!(
            instance = id,
            verdict = verdict.code(),
            "a person found fault with a cleared instance"
        );
    }
    let (done, uid) = match judged {
        Judged::Done => ("good", String::new()),
        Judged::HeldBack => ("held-back", String::new()),
        Judged::Sent(uid) if verdict == Verdict::AnatomyLost => ("sent-lost", uid),
        Judged::Sent(uid) => ("sent-missed", uid),
        Judged::Gone => ("gone", String::new()),
    };
    let next = match done {
        // what has to be done now stays in sight
        "sent-missed" | "sent-lost" => None,
        _ => edge.db.samples(id, 1).await?.pop(),
    };
    let place = next.map_or_else(String::new, |sample| format!("/{}", sample.kept.id));
    Ok(Redirect::to(&format!("/samples{place}?done={done}&uid={uid}")).into_response())
}
