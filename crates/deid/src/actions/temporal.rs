//! Dates are shifted, times of day stay.

use sumgil_dicom::dicom_core::{VR, header::Header};

use super::{
    evidence::Deed,
    rules::{Done, Rules, with_text},
};
use crate::text::{self, Element};

/// Dates are shifted, times of day stay; a value that is neither goes.
pub(super) fn shifted(element: Element, rules: &Rules<'_>) -> Done {
    let (tag, vr) = (element.tag(), element.vr());
    let Some(text) = text::of(&element) else {
        return match vr {
            VR::DA | VR::DT | VR::TM | VR::SH => Done::emptied(tag, vr),
            _ => Done::removed(),
        };
    };
    let each = |change: &dyn Fn(&str) -> Option<String>| {
        let values: Option<Vec<String>> = text
            .split('\\')
            .map(|value| if value.trim().is_empty() { Some(String::new()) } else { change(value) })
            .collect();
        values.map_or_else(
            || Done::emptied(tag, vr),
            |values| Done::of(with_text(tag, vr, &values.join("\\")), Deed::Shifted),
        )
    };
    let is_zone = text.len() == 5 && text.starts_with(['+', '-']);
    match vr {
        VR::DA => each(&|value| rules.shift.da_leniently(value)),
        VR::DT => each(&|value| rules.shift.dt(value)),
        VR::TM if is_time(&text) => Done::of(element, Deed::Retained),
        VR::TM => Done::emptied(tag, vr),
        VR::SH if is_zone && is_time(&text[1..]) => Done::of(element, Deed::Retained),
        _ => Done::removed(),
    }
}

/// Times of day and ranges of them: at most six digits before a fraction, so that no date or number passes.
fn is_time(text: &str) -> bool {
    text.split(['\\', '-']).map(|value| value.trim_matches(['\0', ' '])).all(|value| {
        let (clock, fraction) = value.split_once('.').unwrap_or((value, ""));
        let digits = |part: &str| part.bytes().filter(u8::is_ascii_digit).count();
        clock.bytes().all(|b| b.is_ascii_digit() || b == b':')
            && digits(clock) <= 6
            && fraction.len() <= 6
            && digits(fraction) == fraction.len()
    })
}
