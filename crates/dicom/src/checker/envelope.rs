//! The file around the data set: preamble, file meta information, and what follows the last element.

use super::{Finding, check, stated_options};
use crate::{
    Limits, Part10, Refusal, access,
    confidentiality::Options,
    dictionary::tags,
    implementation,
    part10::{MetaElement, locate},
    read::read_screened,
    screen::screen,
};

const PREAMBLE: &str = "preamble";
const META: &str = "file meta";

/// Reads a finished file and checks all of it: envelope, and the data set against the options that it states.
///
/// Those may retain less than `most`, and nothing more: a site may be stricter than the registry demands.
///
/// # Errors
/// [`Refusal`] when it cannot be read.
pub fn check_file(bytes: &[u8], most: &Options, limits: &Limits) -> Result<(Part10, Vec<Finding>), Refusal> {
    let screened = screen(bytes, limits)?;
    let located = locate(bytes)?;
    let trailing = screened.trailing_bytes;
    let part10 = read_screened(bytes, screened, limits, true)?;
    let mut findings = envelope(bytes, &located.meta, &part10);
    if trailing > 0 {
        findings.push(Finding::new("end of file", "trailing-bytes"));
    }
    let stated = stated_options(&part10.data_set);
    if !stated.retain_at_most(most) {
        findings.push(Finding::at("", tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE, "retains-too-much"));
    }
    findings.extend(check(&part10.data_set, &stated));
    Ok((part10, findings))
}

fn envelope(bytes: &[u8], meta: &[MetaElement], part10: &Part10) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !part10.had_preamble || !part10.had_meta {
        findings.push(Finding::new(PREAMBLE, "not-part-10"));
    }
    if part10.had_preamble && bytes.get(..128).is_some_and(|preamble| preamble.iter().any(|byte| *byte != 0))
    {
        findings.push(Finding::new(PREAMBLE, "preamble"));
    }
    let text = |tag| access::text(&part10.data_set, tag).unwrap_or_default();
    for element in meta {
        let value = bytes.get(element.value.clone()).unwrap_or_default();
        let written = String::from_utf8_lossy(value);
        let written = written.trim_matches(['\0', ' ']);
        let holds = match element.number {
            0x0000 | 0x0001 => value.len() <= 4,
            0x0002 => written == text(tags::SOP_CLASS_UID),
            0x0003 => written == text(tags::SOP_INSTANCE_UID),
            0x0010 => written == part10.transfer_syntax.as_str(),
            0x0012 => written == implementation().0,
            0x0013 => is_version(written),
            _ => false,
        };
        if !holds {
            findings.push(Finding::new(META, "file-meta"));
        }
    }
    findings
}

/// Some version of this project.
fn is_version(name: &str) -> bool {
    let number = name.strip_prefix("SUMGIL_");
    number.is_some_and(|number| {
        number.len() <= 9 && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}
