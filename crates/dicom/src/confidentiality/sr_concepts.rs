//! Table E.3.4-1: concepts of structured reports that may identify, and what is to be done with their values.

use std::{collections::HashMap, sync::OnceLock};

use super::{
    Options, Row,
    action::{Action, resolve},
};

const TEXT: &str = include_str!("../../data/sr_concepts.tsv");

/// Concept (code, scheme) to its row; where a concept is listed with several value types, the first.
type Concepts = HashMap<(&'static str, &'static str), Row>;

/// What is to be done with the value of a content item named by this concept; `None` where it is not listed: then the
/// attribute that holds the value decides.
///
/// [`Action::Remove`] means the value: the item stays with a dummy, so that the tree keeps its shape.
pub fn concept_action(code: &str, scheme: &str, options: &Options) -> Option<Action> {
    if !options.clean_structured_content {
        return None;
    }
    concepts().get(&(code, scheme)).map(|row| resolve(row, options))
}

fn concepts() -> &'static Concepts {
    static ALL: OnceLock<Concepts> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = Concepts::new();
        for (key, row) in lines().filter_map(parse) {
            all.entry(key).or_insert(row);
        }
        all
    })
}

fn lines() -> impl Iterator<Item = &'static str> {
    TEXT.lines().filter(|line| !line.starts_with('#')).skip(1)
}

fn parse(line: &'static str) -> Option<((&'static str, &'static str), Row)> {
    let cells: [&str; 12] = line.split('\t').collect::<Vec<_>>().try_into().ok()?;
    let [
        code,
        scheme,
        _,
        name,
        basic,
        uids,
        device,
        institution,
        patient,
        full_dates,
        modified_dates,
        descriptors,
    ] = cells;
    let row = Row {
        tag: code,
        name,
        standard_iod: "Y",
        basic,
        safe_private: "-",
        uids,
        device,
        institution,
        patient,
        full_dates,
        modified_dates,
        descriptors,
        structured: "-",
        graphics: "-",
    };
    Some(((code, scheme), row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_concept() {
        assert_eq!(lines().count(), 209);
        assert_eq!(lines().filter_map(parse).count(), 209);
    }

    #[test]
    fn concepts_resolve_like_attributes() {
        let options = Options::default_profile();
        let of = |code| concept_action(code, "DCM", &options);
        assert_eq!(of("121022"), Some(Action::Remove));
        assert_eq!(of("121029"), Some(Action::Dummy));
        assert_eq!(of("121071"), Some(Action::Clean));
        assert_eq!(of("126201"), Some(Action::ShiftDate));
        assert_eq!(of("121033"), Some(Action::Keep));
        assert_eq!(of("112191"), None);
        assert_eq!(concept_action("121022", "99LOCAL", &options), None);
    }
}
