//! One instance in quarantine: what it was, what would leave, and what can be decided.

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use sumgil_dicom::{Part10, pixels::Region};
use tokio::task::spawn_blocking;

use crate::{
    EdgeError,
    review::{Case, Fact, Findings, Row, Still, compare, facts, find},
    spool::{Kept, KeptFilter, Proposal},
};

use super::{
    Page,
    layout::{Here, csrf, layout, moment},
    queue::{Filter, device, done, in_words},
    reasons,
    refusal::Refusal,
    stage::{self, Stage},
    visitor::{Known, Person, Visitor},
};

/// What was worked out of an instance.
pub(super) struct Looked {
    pub(super) stage: Option<Stage>,
    pub(super) findings: Findings,
    pub(super) facts: Vec<Fact>,
    pub(super) rows: Vec<Row>,
    pub(super) still: Vec<Still>,
    pub(super) leaves: bool,
    pub(super) readable: bool,
}

/// `GET /review/{id}`.
pub(super) async fn one(
    State(page): State<Page>,
    known: Known,
    Path(id): Path<i64>,
    Query(filter): Query<Filter>,
) -> Result<Response, Refusal> {
    let db = &page.edge().db;
    let kept = quarantined(&page, id).await?;
    page.note_look(&known.person, "review open", id).await?;
    let proposal = db.proposals(&[id]).await?.pop();
    let case = Case::open(page.edge(), kept).await?;
    let decided = proposal.as_ref().and_then(|p| p.masks.clone());
    let decided = decided.or_else(|| case.kept().overrule.masks().map(<[_]>::to_vec));
    let mut looked = look(&page, case.clone(), format!("/review/{id}"), Masks::Decided(decided)).await?;
    let quarantined = case.kept().state == "quarantined";
    if let Some(stage) = &mut looked.stage {
        stage.editable = known.person.role.decides() && quarantined;
    }
    let next = db.kept_page(&filter.shown(id, 1)).await?.first().map(|k| k.id);
    let previous = db.kept_before(&filter.shown(0, 1), id).await?;
    let visitor = &known.visitor;
    let body = html! {
        (done(visitor, &filter.done, ""))
        (head(visitor, case.kept(), &filter, previous, next))
        div class="case" {
            div class="main-part" {
                (main_part(visitor, &looked))
                @if looked.stage.is_none() { (stage::texts(visitor, &looked.rows, true)) }
            }
            aside {
                (decision(&page, visitor, &known.person, case.kept(), proposal.as_ref(), &looked, &filter))
                (stage::facts(visitor, &looked.facts))
            }
        }
        @if looked.stage.is_some() { (stage::texts(visitor, &looked.rows, false)) }
        p class="hint" { (visitor.words().keys) }
    };
    let title = format!("{} {id}", visitor.words().nav_review);
    Ok(layout(visitor, Here::Review, &title, &body).into_response())
}

/// The instance with this number, if a person has to decide about it.
pub(super) async fn quarantined(page: &Page, id: i64) -> Result<Kept, Refusal> {
    let filter = KeptFilter { ids: vec![id], ..KeptFilter::default() };
    page.edge().db.kept(&filter).await?.pop().ok_or(Refusal::NotFound)
}

/// Reads the original, lets it through de-identification, and compares.
pub(super) async fn look(page: &Page, case: Case, base: String, masks: Masks) -> Result<Looked, EdgeError> {
    let _turn = page.gallery().turn().await?;
    spawn_blocking(move || match case.original()? {
        Some(part) => Ok(looked(&case, &part, base, masks)),
        None => Ok(Looked {
            stage: None,
            findings: Findings::default(),
            facts: Vec::new(),
            rows: Vec::new(),
            still: Vec::new(),
            leaves: false,
            readable: false,
        }),
    })
    .await
    .map_err(|_| EdgeError::Stopped("a look at an instance"))?
}

/// Which masks are shown at first.
pub(super) enum Masks {
    /// Those that a person proposed or decided, else what the detector finds.
    Decided(Option<Vec<Region>>),
    /// Those that were used.
    Used(Vec<Region>),
}

fn looked(case: &Case, part: &Part10, base: String, masks: Masks) -> Looked {
    let mut stage = Stage::of(&part.data_set, base);
    let (findings, source, masks) = match masks {
        Masks::Used(masks) => (Findings::default(), "found", masks),
        Masks::Decided(Some(masks)) => (Findings::default(), "earlier", masks),
        Masks::Decided(None) => {
            let findings = if stage.is_some() { find(part) } else { Findings::default() };
            let regions = findings.regions.clone();
            (findings, "found", regions)
        }
    };
    if let Some(stage) = &mut stage {
        stage.source = source;
        stage.doubtful = findings.doubtful.clone();
        stage.masks = masks;
    }
    let result = case.result_of(part, stage.as_ref().map(|s| s.masks.as_slice()));
    let after = result.part.as_ref().map(|p| &p.data_set);
    Looked {
        facts: facts(&part.data_set, after),
        rows: compare(&part.data_set, after),
        leaves: after.is_some(),
        still: result.still,
        readable: true,
        findings,
        stage,
    }
}

fn head(visitor: &Visitor, kept: &Kept, filter: &Filter, previous: Option<i64>, next: Option<i64>) -> Markup {
    let w = visitor.words();
    let query = filter.query();
    html! {
        div class="row head" {
            h1 { "#" (kept.id) " " (in_words(visitor, &kept.reasons)) }
            span class="hint" {
                @if !kept.modality.is_empty() { (kept.modality) " · " }
                (device(visitor, &kept.device)) " · " (w.received) " " (moment(kept.received_at))
            }
            nav class="steps" {
                @if let Some(id) = previous { a rel="prev" href={ "/review/" (id) "?" (query) } { "← " (w.previous) } }
                a href={ "/review?" (query) } { (w.back_to_list) }
                @if let Some(id) = next { a rel="next" href={ "/review/" (id) "?" (query) } { (w.next) " →" } }
            }
        }
    }
}

/// The pictures, or why there are none.
pub(super) fn main_part(visitor: &Visitor, looked: &Looked) -> Markup {
    let w = visitor.words();
    html! {
        div class="pictures" {
            @if !looked.readable { p class="alarm" { (w.unreadable) } }
            @else if let Some(stage) = &looked.stage { (stage::stage(visitor, stage)) }
            @else { p class="notice" { (w.no_picture) } }
            @if !looked.leaves && looked.readable { p class="alarm" { (w.no_result) } }
            @if !looked.still.is_empty() {
                div class="alarm" {
                    (w.still_held)
                    ul {
                        @for still in &looked.still {
                            li { (reasons::reason(visitor.language, &still.code)) " " small { (still.detail) } }
                        }
                    }
                }
            }
        }
    }
}

fn decision(
    page: &Page,
    visitor: &Visitor,
    person: &Person,
    kept: &Kept,
    proposal: Option<&Proposal>,
    looked: &Looked,
    filter: &Filter,
) -> Markup {
    let w = visitor.words();
    if !person.role.decides() {
        return html! { p class="hint" { (w.viewer_only) } };
    }
    let release = kept.state == "quarantined" && looked.readable;
    let second = proposal.filter(|_| page.edge().config.review.two_persons);
    html! {
        @if let (Some(stage), true) = (&looked.stage, release) {
            (stage::masks(visitor, stage.frames, &looked.findings))
        }
        h2 { (w.decision) }
        @if let Some(first) = second {
            p class="notice" { (w.waits_second) ". " (w.proposed_by) ": " (first.who) ", " (moment(first.at)) }
        }
        div class="row" {
            @if release { (release_buttons(page, visitor, person, second, looked)) }
            button type="button" class="danger" data-dialog="dialog-discard" data-key="d" { (w.discard) }
        }
        @if release { (release_dialogs(page, visitor, kept, second, looked, filter)) }
        (dialog(visitor, "dialog-discard", &format!("/review/{}/discard", kept.id), w.discard_sure, w.note_required, true, &back(filter)))
    }
}

fn release_buttons(
    page: &Page,
    visitor: &Visitor,
    person: &Person,
    second: Option<&Proposal>,
    looked: &Looked,
) -> Markup {
    let w = visitor.words();
    let two = page.edge().config.review.two_persons;
    let name = match (two, looked.stage.is_some()) {
        (true, _) => w.release_propose,
        (false, true) => w.release,
        (false, false) => w.release_plain,
    };
    let others = second.is_some_and(|first| first.who != person.name);
    html! {
        @if others {
            button type="button" class="main" id="confirms" data-dialog="dialog-second" data-key="r" {
                (w.release_second)
            }
        }
        // the second person confirms what was proposed; with other masks it is a proposal of their own
        button type="button" class="main" id="proposes" data-dialog="dialog-release" data-key="r" hidden[others] {
            (name)
        }
        @if second.is_some() && !others { p class="hint" { (w.same_person) } }
    }
}

fn release_dialogs(
    page: &Page,
    visitor: &Visitor,
    kept: &Kept,
    second: Option<&Proposal>,
    looked: &Looked,
    filter: &Filter,
) -> Markup {
    let w = visitor.words();
    let two = page.edge().config.review.two_persons;
    let sure = if two { w.release_propose_sure } else { w.release_sure };
    let masks = looked.stage.as_ref().map(|s| crate::review::write_masks(&s.masks));
    let fields = html! {
        (back(filter))
        @if let Some(masks) = masks { input type="hidden" name="masks" class="masks-field" value=(masks); }
    };
    html! {
        (dialog(visitor, "dialog-release", &format!("/review/{}/release", kept.id), sure, w.note, false, &fields))
        @if let Some(first) = second {
            @let fields = html! { (back(filter)) input type="hidden" name="proposal" value=(first.at); };
            (dialog(visitor, "dialog-second", &format!("/review/{}/second", kept.id), w.release_second_sure, w.note, false, &fields))
        }
    }
}

fn back(filter: &Filter) -> Markup {
    html! {
        input type="hidden" name="reason" value=(filter.reason);
        input type="hidden" name="device" value=(filter.device);
    }
}

/// A question before something is done, with a note for the log.
pub(super) fn dialog(
    visitor: &Visitor,
    id: &str,
    action: &str,
    sure: &str,
    note: &str,
    required: bool,
    fields: &Markup,
) -> Markup {
    let w = visitor.words();
    html! {
        dialog id=(id) {
            form method="post" action=(action) class="column" {
                (csrf(visitor)) (fields)
                p { (sure) }
                label { (note) textarea name="note" rows="3" maxlength="1000" required[required] {} }
                div class="row" {
                    button class="main" { (w.confirm) }
                    button type="button" data-close { (w.cancel) }
                }
            }
        }
    }
}
