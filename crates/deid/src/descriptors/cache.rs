//! Cleaned texts are remembered: the slices of a series say the same thing hundreds of times.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::clean;
use crate::gate::Searcher;

/// Most texts remembered for a patient.
const MOST: usize = 4096;
/// Longest text remembered, in bytes.
const LONGEST: usize = 512;

/// The cleaned texts of one patient.
#[derive(Default)]
pub(crate) struct Cleaned(Mutex<HashMap<String, String>>);

impl Cleaned {
    /// `text` without what names somebody; see [`clean`].
    pub(crate) fn clean(&self, text: &str, known: &Searcher) -> String {
        if text.len() > LONGEST {
            return clean(text, known);
        }
        if let Some(done) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(text) {
            return done.clone();
        }
        let done = clean(text, known);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < MOST {
            all.insert(text.to_owned(), done.clone());
        }
        done
    }
}
