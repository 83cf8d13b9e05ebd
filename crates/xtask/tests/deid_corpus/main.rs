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

use judge::Share;
use run::{Run, run};
use sumgil_testkit::corpus::Action;
use support::needles::Needles;

/// What must be kept of the phrases that say nothing of the patient.
const KEPT_PHRASES: f64 = 0.95;

#[test]
fn a_corpus_with_planted_identifiers_comes_out_clean_and_useful() {
    let Some(run) = run() else { return };
    every_file_but_documents_is_written(&run);
    both_runs_agree(&run);
    nothing_planted_is_in_any_byte(&run);
    values_are_gone_from_their_elements(&run);
    what_is_useful_stays(&run);
    burned_in_text_is_black_and_markers_stay(&run);
    checker::outside(&run);
}

fn every_file_but_documents_is_written(run: &Run) {
    let missing: Vec<&str> =
        run.files().filter(|file| !run.may_drop(file) && run.output(file).is_none()).collect();
    assert!(missing.is_empty(), "{} files are missing: {missing:?}; {:?}", missing.len(), run.reasons());
    let documents: Vec<&str> =
        run.files().filter(|file| run.may_drop(file) && run.output(file).is_some()).collect();
    assert!(documents.is_empty(), "documents are not cleaned and must not leave: {documents:?}");
}

fn both_runs_agree(run: &Run) {
    let differ: Vec<&str> = run.files().filter(|file| run.output(file) != run.second(file)).collect();
    assert!(differ.is_empty(), "two runs differ: {differ:?}");
}

/// Shorter patterns stand in pixels by chance.
const SHORTEST_IN_PIXELS: usize = 8;

/// Every value of a file's key, in every spelling and encoding: in everything but the pixels, deflated or not, and the
/// longer ones in every byte of the file.
fn nothing_planted_is_in_any_byte(run: &Run) {
    let mut left = BTreeSet::new();
    for file in run.files() {
        let (Some(bytes), Some(plain)) = (run.output(file), run.output_without_pixels(file)) else {
            continue;
        };
        let identities = [run.identities(file)];
        let (all, long) = (Needles::of(&identities), Needles::of_at_least(&identities, SHORTEST_IN_PIXELS));
        let kinds = all.kinds_in(&plain).into_iter().chain(long.kinds_in(&bytes));
        left.extend(kinds.map(|kind| format!("{kind} in {file}")));
        assert!(bytes[..128].iter().all(|byte| *byte == 0), "the preamble of {file}");
    }
    assert!(left.is_empty(), "{} left: {left:#?}", left.len());
}

fn values_are_gone_from_their_elements(run: &Run) {
    let gone = Share::of(run, &[Action::TextRemoved, Action::PrivateRemoved], judge::is_gone);
    gone.at_least(1.0, "planted values are gone");
    Share::of(run, &[Action::UidChanged], judge::is_changed).at_least(1.0, "UIDs are replaced");
    Share::of(run, &[Action::DateShifted], judge::is_shifted).at_least(1.0, "dates are shifted");
}

fn what_is_useful_stays(run: &Run) {
    Share::of(run, &[Action::TextRetained], judge::phrase_stands).at_least(KEPT_PHRASES, "phrases stay");
    Share::of(run, &[Action::TagRetained], judge::is_same).at_least(1.0, "acquisition and device stay");
    Share::of(run, &[Action::PrivateRetained], judge::is_same).at_least(1.0, "safe private attributes stay");
    Share::of(run, &[Action::AgeDerived], judge::age_stands).at_least(1.0, "ages are derived");
}

fn burned_in_text_is_black_and_markers_stay(run: &Run) {
    Share::of(run, &[Action::PixelsHidden], pixels::is_hidden).at_least(0.99, "burned-in texts are hidden");
    Share::of(run, &[Action::OverlayHidden], judge::overlay_is_blank).at_least(1.0, "overlays are blank");
    Share::of(run, &[Action::PixelsRetained], pixels::is_kept).at_least(0.95, "side markers stay");
}
