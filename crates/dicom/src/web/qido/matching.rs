//! What a value in a query matches, by the VR of its attribute (PS3.4 section C.2.2.2).

use dicom_core::VR;
use sumgil_model::{Any, Uid};

use super::{AttributePath, QueryError, attribute::shown};
use crate::access::parse_date;

/// Most values of a list.
const MOST_VALUES: usize = 1000;
/// Longest single value, in characters.
const LONGEST_VALUE: usize = 1024;
const LAST_MOMENT: &str = "235959.999999";

/// How values compare. Texts are without padding; dates `YYYYMMDD`; times `HHMMSS.FFFFFF`, cut where the query was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matching {
    /// Everything, also an absent attribute: an empty value, or `*`.
    Universal,
    /// Exactly this.
    Equal(String),
    /// `*` for any text, `?` for one character.
    Wildcard(String),
    /// Any of these: several UIDs, or several code strings.
    OneOf(Vec<String>),
    /// From and to, both included; at least one is there.
    Range {
        /// Earliest.
        from: Option<String>,
        /// Latest.
        to: Option<String>,
    },
}

impl Matching {
    /// What `value` means for the attribute `path`, which the query calls `name`.
    pub(super) fn parse(name: &str, path: &AttributePath, value: &str) -> Result<Self, QueryError> {
        let wrong = |wanted| QueryError::Value { attribute: shown(name), wanted };
        let value = value.trim_matches([' ', '\0']);
        if value.is_empty() {
            return Ok(Self::Universal);
        }
        match path.vr() {
            Some(VR::SQ) => Err(QueryError::Sequence(shown(name))),
            Some(VR::UI) => uids(value).ok_or_else(|| wrong("UIDs separated by commas")),
            Some(VR::DA) => {
                range(value, date).ok_or_else(|| wrong("a date YYYYMMDD or a range of them with a hyphen"))
            }
            Some(VR::TM) => {
                times(value).ok_or_else(|| wrong("a time HHMMSS or a range of them with a hyphen"))
            }
            _ if value.chars().count() > LONGEST_VALUE || value.contains(char::is_control) => {
                Err(wrong("at most 1024 characters without control characters"))
            }
            Some(VR::CS) if value.contains([',', '\\']) => {
                list(value).ok_or_else(|| wrong("at most 1000 values"))
            }
            Some(vr) if has_no_wildcards(vr) => Ok(Self::Equal(value.to_owned())),
            _ if value.chars().all(|c| c == '*') => Ok(Self::Universal),
            _ if value.contains(['*', '?']) => Ok(Self::Wildcard(value.to_owned())),
            _ => Ok(Self::Equal(value.to_owned())),
        }
    }
}

/// VRs for which wildcard matching is not defined.
fn has_no_wildcards(vr: VR) -> bool {
    use VR::{AS, AT, DS, DT, FD, FL, IS, SL, SS, SV, UL, US, UV};
    matches!(vr, AS | AT | DS | DT | FD | FL | IS | SL | SS | SV | UL | US | UV)
}

fn uids(value: &str) -> Option<Matching> {
    let parse = |text: &str| Some(Uid::<Any>::parse(text).ok()?.as_str().to_owned());
    let uids: Option<Vec<String>> = value.split([',', '\\']).take(MOST_VALUES + 1).map(parse).collect();
    Some(one_of(uids?)).filter(is_short)
}

fn list(value: &str) -> Option<Matching> {
    let values = value.split([',', '\\']).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Some(one_of(values.take(MOST_VALUES + 1).collect())).filter(is_short)
}

fn one_of(mut values: Vec<String>) -> Matching {
    match values.len() {
        0 => Matching::Universal,
        1 => Matching::Equal(values.swap_remove(0)),
        _ => Matching::OneOf(values),
    }
}

fn is_short(matching: &Matching) -> bool {
    !matches!(matching, Matching::OneOf(values) if values.len() > MOST_VALUES)
}

/// `value`, `from-to`, `from-` or `-to`, each end in the form that `end` gives it.
fn range(value: &str, end: fn(&str) -> Option<String>) -> Option<Matching> {
    let Some((from, to)) = value.split_once('-') else { return end(value).map(Matching::Equal) };
    let open_or = |text: &str| if text.trim().is_empty() { Some(None) } else { end(text.trim()).map(Some) };
    let (from, to) = (open_or(from)?, open_or(to)?);
    (from.is_some() || to.is_some()).then_some(Matching::Range { from, to })
}

fn date(text: &str) -> Option<String> {
    let date = parse_date(text)?;
    Some(format!("{:04}{:02}{:02}", date.year(), date.month(), date.day()))
}

/// As [`range`], and an end that is cut, as in `-10`, includes all that it begins.
fn times(value: &str) -> Option<Matching> {
    let fill = |to: String| {
        let rest = LAST_MOMENT.get(to.len()..).unwrap_or_default();
        to + rest
    };
    Some(match range(value, time)? {
        Matching::Range { from, to } => Matching::Range { from, to: to.map(fill) },
        other => other,
    })
}

/// `HH`, `HHMM`, `HHMMSS` or `HHMMSS.F` to `HHMMSS.FFFFFF`; colons as in old files are dropped.
fn time(text: &str) -> Option<String> {
    let text = text.replace(':', "");
    let (whole, fraction) =
        text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = matches!(whole.len(), 2 | 4 | 6) && digits(whole);
    let is_fraction =
        fraction.is_none_or(|rest| whole.len() == 6 && (1..=6).contains(&rest.len()) && digits(rest));
    let pair = |from: usize| whole.get(from..from + 2).and_then(|text| text.parse::<u8>().ok()).unwrap_or(0);
    let is_time = is_whole && is_fraction && pair(0) < 24 && pair(2) < 60 && pair(4) <= 60;
    is_time.then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(name: &str, value: &str) -> Result<Matching, QueryError> {
        Matching::parse(name, &AttributePath::parse(name).unwrap(), value)
    }

    fn between(from: &str, to: &str) -> Matching {
        let end = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Matching::Range { from: end(from), to: end(to) }
    }

    #[test]
    fn each_vr_reads_its_values() {
        let equal = |text: &str| Matching::Equal(text.to_owned());
        let one_of = |texts: &[&str]| Matching::OneOf(texts.iter().map(|&text| text.to_owned()).collect());
        for (name, value, wanted) in [
            ("PatientID", "S-1 ", equal("S-1")),
            ("PatientID", "", Matching::Universal),
            ("PatientName", "*", Matching::Universal),
            ("PatientName", "KIM*", Matching::Wildcard("KIM*".to_owned())),
            ("AccessionNumber", "A?1", Matching::Wildcard("A?1".to_owned())),
            ("StudyInstanceUID", "1.2.3", equal("1.2.3")),
            ("StudyInstanceUID", "1.2.3,1.2.4\\1.2.5", one_of(&["1.2.3", "1.2.4", "1.2.5"])),
            ("ModalitiesInStudy", "CT,DX", one_of(&["CT", "DX"])),
            ("Modality", "C*", Matching::Wildcard("C*".to_owned())),
            ("StudyDate", "20200301", equal("20200301")),
            ("StudyDate", "20200301-20200331", between("20200301", "20200331")),
            ("StudyDate", "2020.03.01-", between("20200301", "")),
            ("StudyDate", "-20200331", between("", "20200331")),
            ("StudyTime", "10-1130", between("10", "113059.999999")),
            ("StudyTime", "-10:30:15.5", between("", "103015.599999")),
            ("InstanceNumber", "12", equal("12")),
            ("Rows", "512", equal("512")),
            ("00091001", "x*", Matching::Wildcard("x*".to_owned())),
        ] {
            assert_eq!(parse(name, value).unwrap(), wanted, "{name}={value}");
        }
    }

    #[test]
    fn impossible_values_are_refused_without_being_repeated() {
        for (name, value) in [
            ("StudyDate", "20201301"),
            ("StudyDate", "2020"),
            ("StudyDate", "-"),
            ("StudyDate", "20200101-20200102-20200103"),
            ("StudyTime", "25"),
            ("StudyTime", "1.5"),
            ("StudyInstanceUID", "1.2.*"),
            ("StudyInstanceUID", "../../secret"),
            ("PatientID", "a\u{1}secret"),
        ] {
            let error = parse(name, value).unwrap_err();
            assert!(matches!(error, QueryError::Value { .. }), "{name}={value}");
            assert!(!error.to_string().contains("secret") && error.to_string().contains(name));
        }
        assert!(parse("StudyInstanceUID", &vec!["1.2"; 1001].join(",")).is_err());
        assert!(matches!(parse("RequestAttributesSequence", "x"), Err(QueryError::Sequence(_))));
    }

    proptest! {
        #[test]
        fn any_value_is_read_or_refused(value in ".{0,60}", at in 0usize..7) {
            let names = ["PatientID", "StudyDate", "StudyTime", "StudyInstanceUID", "Modality", "Rows", "PatientName"];
            if let Ok(Matching::Range { from, to }) = parse(names[at], &value) {
                prop_assert!(from.is_some() || to.is_some());
                let dated = |text: &String| text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
                prop_assert!(from.iter().chain(&to).all(dated));
            }
        }

        #[test]
        fn a_range_of_dates_keeps_its_order(a in 0i64..20_000, b in 0i64..20_000) {
            let epoch = jiff::civil::date(1970, 1, 1);
            let text = |days: i64| epoch.checked_add(jiff::Span::new().days(days)).unwrap().strftime("%Y%m%d").to_string();
            let wanted = between(&text(a), &text(b));
            prop_assert_eq!(parse("StudyDate", &format!("{}-{}", text(a), text(b))).unwrap(), wanted);
        }
    }
}
