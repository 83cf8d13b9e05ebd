//! Free text: what names somebody goes, what describes an exam stays (PS3.15 E.3.5, Clean Descriptors).
//!
//! A text is cut into tokens. Gone are the tokens of everything learned of the patient, of dates and numbers in
//! any spelling, of what is announced as a person or a place, and every token that no lexicon knows. What is left
//! keeps its wording and its order.

mod announce;
mod cache;
mod clean;
mod eponym;
mod forms;
mod judge;
mod korean;
mod lexicon;
mod patterns;
mod places;
mod token;
mod unlisted;

pub(crate) use cache::Cleaned;
pub(crate) use clean::clean;
pub(crate) use eponym::spans as eponym_spans;
pub(crate) use unlisted::{is_free_of_names, naming_places};
