//! The whole of de-identification, judged by an answer key: invented patients with planted identifiers go through
//! `sumgil-edge deid`, twice, and what comes out is held against the key.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail loudly")]
#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a test says what it leaves out, and its figures"
)]

#[path = "../support/mod.rs"]
mod support;

mod checker;
mod element;
mod judge;
mod pixels;
mod run;

use std::collections::BTreeSet;

use judge::{Complaints, Share};
use run::{Run, run};
use sumgil_testkit::corpus::Action;
use support::needles::Needles;

/// What must be kept of the phrases that say nothing of the patient.
const KEPT_PHRASES: f64 = 0.95;
/// Most files that may wait for a person.
const WAITING: usize = 0;

#[test]
fn a_corpus_with_planted_identifiers_comes_out_clean_and_useful() {
    let Some(run) = run() else { return };
    let mut complaints = Complaints::default();
    every_file_but_documents_is_written(&run, &mut complaints);
    nothing_planted_is_in_any_byte(&run, &mut complaints);
    values_are_gone_from_their_elements(&run, &mut complaints);
    what_is_useful_stays(&run, &mut complaints);
    burned_in_text_is_black_and_markers_stay(&run, &mut complaints);
    checker::outside(&run, &mut complaints);
    complaints.assert_none();
}

fn every_file_but_documents_is_written(run: &Run, complaints: &mut Complaints) {
    let is_written = |file: &&str| run.output(file).is_some();
    let missing: Vec<&str> = run.files().filter(|file| !run.may_drop(file) && !is_written(file)).collect();
    complaints
        .when(missing.len() > WAITING, || format!("missing: {missing:?}; reasons: {:?}", run.reasons()));
    let documents: Vec<&str> = run.files().filter(|file| run.may_drop(file) && is_written(file)).collect();
    complaints.when(!documents.is_empty(), || format!("documents must not leave: {documents:?}"));
    let differ: Vec<&str> = run.files().filter(|file| run.output(file) != run.second(file)).collect();
    complaints.when(!differ.is_empty(), || format!("two runs differ: {differ:?}"));
}

/// Shorter patterns stand in pixels by chance.
const SHORTEST_IN_PIXELS: usize = 8;

/// Every value of a file's key, in every spelling and encoding: in everything but the pixels, deflated or not, and the
/// longer ones in every byte of the file.
fn nothing_planted_is_in_any_byte(run: &Run, complaints: &mut Complaints) {
    let mut left = BTreeSet::new();
    for file in run.files() {
        let (Some(bytes), Some(plain)) = (run.output(file), run.output_without_pixels(file)) else {
            continue;
        };
        let identities = [run.identities(file)];
        let (all, long) = (Needles::of(&identities), Needles::of_at_least(&identities, SHORTEST_IN_PIXELS));
        let kinds = all.kinds_in(&plain).into_iter().chain(long.kinds_in(&bytes));
        left.extend(kinds.map(|kind| format!("{kind} in {file}")));
        if bytes[..128].iter().any(|byte| *byte != 0) {
            left.insert(format!("a preamble in {file}"));
        }
    }
    complaints.when(!left.is_empty(), || format!("{} identifiers survive: {left:#?}", left.len()));
}

fn values_are_gone_from_their_elements(run: &Run, complaints: &mut Complaints) {
    let gone = Share::of(run, &[Action::TextRemoved, Action::PrivateRemoved], judge::is_gone);
    gone.at_least(1.0, "planted values are gone", complaints);
    let changed = Share::of(run, &[Action::UidChanged], judge::is_changed);
    changed.at_least(1.0, "UIDs are replaced", complaints);
    let shifted = Share::of(run, &[Action::DateShifted], judge::is_shifted);
    shifted.at_least(1.0, "dates are shifted", complaints);
}

fn what_is_useful_stays(run: &Run, complaints: &mut Complaints) {
    let phrases = Share::of(run, &[Action::TextRetained], judge::phrase_stands);
    phrases.at_least(KEPT_PHRASES, "phrases stay", complaints);
    let tags = Share::of(run, &[Action::TagRetained], judge::is_same);
    tags.at_least(1.0, "acquisition and device stay", complaints);
    let private = Share::of(run, &[Action::PrivateRetained], judge::is_same);
    private.at_least(1.0, "safe private attributes stay", complaints);
    let ages = Share::of(run, &[Action::AgeDerived], judge::age_stands);
    ages.at_least(1.0, "ages are derived", complaints);
}

fn burned_in_text_is_black_and_markers_stay(run: &Run, complaints: &mut Complaints) {
    let hidden = Share::of(run, &[Action::PixelsHidden], pixels::is_hidden);
    hidden.at_least(0.99, "burned-in texts are hidden", complaints);
    let overlays = Share::of(run, &[Action::OverlayHidden], judge::overlay_is_blank);
    overlays.at_least(1.0, "overlays are blank", complaints);
    let markers = Share::of(run, &[Action::PixelsRetained], pixels::is_kept);
    markers.at_least(0.95, "side markers stay", complaints);
}
