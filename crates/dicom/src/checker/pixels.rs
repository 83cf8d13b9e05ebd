//! Bytes behind the pixels: a place where anything can hide.

use dicom_dictionary_std::tags;

use super::Finding;
use crate::{DataSet, frames};

/// Native pixel data may be longer than their description only by zeros.
pub(super) fn check(data_set: &DataSet, findings: &mut Vec<Finding>) {
    if frames::has_hidden_tail(data_set) {
        findings.push(Finding::at("", tags::PIXEL_DATA, "bytes-after-pixels"));
    }
}
