//! Two pictures side by side, with what is found and drawn; and everything that the header tells.

use maud::{Markup, html};
use sumgil_dicom::{DataSet, access, dictionary::tags, pixels::Region};

use crate::review::{Fact, Findings, Row, write_masks};

use super::{Words, visitor::Visitor};

/// What there is to be shown of an instance.
pub(super) struct Stage {
    /// The address of the instance; pictures lie below it.
    pub(super) base: String,
    pub(super) frames: i64,
    pub(super) rows: i64,
    pub(super) columns: i64,
    /// Masks as they are at first.
    pub(super) masks: Vec<Region>,
    /// Where they come from: `found` or `earlier`.
    pub(super) source: &'static str,
    /// Where something may be text.
    pub(super) doubtful: Vec<Region>,
    pub(super) editable: bool,
}

impl Stage {
    /// The stage of an image; `None` when it has no pixels.
    pub(super) fn of(data_set: &DataSet, base: String) -> Option<Self> {
        data_set.get(tags::PIXEL_DATA)?;
        let number = |tag| access::integer(data_set, tag).unwrap_or(0).clamp(0, 65_535);
        Some(Self {
            base,
            frames: access::integer(data_set, tags::NUMBER_OF_FRAMES).unwrap_or(1).clamp(1, 1_000_000),
            rows: number(tags::ROWS),
            columns: number(tags::COLUMNS),
            masks: Vec::new(),
            source: "found",
            doubtful: Vec::new(),
            editable: false,
        })
    }
}

/// The two pictures and their tools.
pub(super) fn stage(visitor: &Visitor, stage: &Stage) -> Markup {
    let w = visitor.words();
    html! {
        section id="stage" class="stage" data-base=(stage.base) data-frames=(stage.frames) data-rows=(stage.rows)
            data-columns=(stage.columns) data-masks=(write_masks(&stage.masks)) data-source=(stage.source) data-doubtful=(write_masks(&stage.doubtful))
            data-editable=(stage.editable) data-word-found=(w.masks_found) data-word-drawn=(w.masks_drawn)
            data-word-earlier=(w.masks_earlier) data-word-doubtful=(w.masks_doubtful) data-word-drop=(w.mask_drop) data-word-all=(w.mask_scope_all)
            data-word-frame=(w.frame) data-word-none=(w.masks_none) {
            (pane(w, stage, "before", w.before))
            (pane(w, stage, "after", w.after))
            div class="tools" {
                button type="button" id="zoom-in" title=(w.zoom_in) aria-label=(w.zoom_in) { "+" }
                button type="button" id="zoom-out" title=(w.zoom_out) aria-label=(w.zoom_out) { "−" }
                button type="button" id="zoom-fit" { (w.zoom_fit) }
                @if stage.frames > 1 {
                    label class="frames" { (w.frame) " "
                        input type="range" id="frame" min="1" max=(stage.frames) value="1";
                        output id="frame-number" { "1" } " / " (stage.frames)
                    }
                }
            }
        }
    }
}

fn pane(w: &Words, stage: &Stage, side: &str, title: &str) -> Markup {
    let picture = match side {
        "before" => format!("{}/before.png?frame=0", stage.base),
        _ if stage.source == "found" && stage.masks.len() > 200 => {
            format!("{}/after.png?frame=0", stage.base)
        }
        _ => format!("{}/after.png?frame=0&masks={}", stage.base, write_masks(&stage.masks)),
    };
    html! {
        figure class="pane" {
            figcaption { (title) }
            div class="view" id={ "view-" (side) } {
                div class="canvas" {
                    img id={ "picture-" (side) } src=(picture) alt=(title);
                    svg viewBox={ "0 0 " (stage.columns) " " (stage.rows) } aria-hidden="true" {}
                }
                p class="nopicture" hidden { (w.no_picture) }
            }
        }
    }
}

/// The masks of an instance that is decided about, and how to add one.
pub(super) fn masks(visitor: &Visitor, frames: i64, findings: &Findings) -> Markup {
    let w = visitor.words();
    let number = |id: &str, label: &str, least: u32| {
        html! { label { (label) " " input type="number" id=(id) min=(least) max="65535" value=(least); } }
    };
    html! {
        h2 { (w.masks) }
        @if findings.failed { p class="notice" { (w.masks_failed) } }
        @else if !findings.doubtful.is_empty() { p class="notice" { (w.masks_uncertain) } }
        ul id="mask-list" class="masks" {}
        div class="row" {
            button type="button" id="draw" aria-pressed="false" { (w.mask_draw) }
            @if frames > 1 {
                select id="scope" aria-label=(w.frame) {
                    option value="all" { (w.mask_scope_all) }
                    option value="one" { (w.mask_scope_one) }
                }
            }
        }
        p class="hint" id="drawing" hidden { (w.mask_drawing) }
        details {
            summary { (w.mask_by_number) }
            form id="by-number" class="numbers" {
                (number("mask-x", w.mask_x, 0)) (number("mask-y", w.mask_y, 0))
                (number("mask-width", w.mask_width, 1)) (number("mask-height", w.mask_height, 1))
                button { (w.mask_add) }
            }
        }
    }
}

/// The few facts, before and after.
pub(super) fn facts(visitor: &Visitor, facts: &[Fact]) -> Markup {
    let w = visitor.words();
    html! {
        h2 { (w.facts) }
        table class="facts" {
            thead { tr { th {} th { (w.fact_before) } th { (w.fact_after) } } }
            tbody {
                @for fact in facts {
                    tr {
                        th scope="row" { (fact_name(w, fact.name)) }
                        td { (fact.before) }
                        td { @if fact.after.is_empty() { i { (w.removed) } } @else { (fact.after) } }
                    }
                }
            }
        }
    }
}

fn fact_name(w: &Words, name: &str) -> &'static str {
    match name {
        "patient-name" => w.fact_patient_name,
        "patient-id" => w.fact_patient_id,
        "birth-date" => w.fact_birth_date,
        "sex" => w.fact_sex,
        "age" => w.fact_age,
        "study-date" => w.fact_study_date,
        "accession" => w.fact_accession,
        "institution" => w.fact_institution,
        "study" => w.fact_study,
        "series" => w.fact_series,
        "body-part" => w.fact_body_part,
        "image-type" => w.fact_image_type,
        "burned-in" => w.fact_burned_in,
        _ => "?",
    }
}

/// Every text, before and after; open at once where there is no picture.
pub(super) fn texts(visitor: &Visitor, rows: &[Row], open: bool) -> Markup {
    let w = visitor.words();
    html! {
        details class="texts" open[open] {
            summary { (w.texts) " (" (rows.len()) ")" }
            label class="row" { input type="checkbox" id="only-changed"; " " (w.texts_changed) }
            table class="wide" {
                thead { tr { th { (w.attribute) } th { (w.fact_before) } th { (w.fact_after) } } }
                tbody id="texts" {
                    @for row in rows {
                        tr class=[(row.before == row.after).then_some("same")] {
                            td { (row.name) " " small { (row.path) } }
                            td { (row.before.as_deref().unwrap_or("")) }
                            td {
                                @if let Some(after) = &row.after { (after) } @else { i { (w.removed) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_has_a_name() {
        let w = Words::of(super::super::Language::Korean);
        for name in crate::review::fact_names() {
            assert_ne!(fact_name(w, name), "?", "{name}");
        }
    }
}
