//! Table E.3.10-1: private attributes that the standard holds to be free of identity.

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

const TEXT: &str = include_str!("../../data/safe_private.tsv");

type Safe = HashMap<&'static str, HashSet<(u16, u8)>>;

/// Whether the standard lists the private attribute as safe: by its private creator (padding ignored), its group,
/// and the low byte of its element number.
pub fn is_safe_private(creator: &str, group: u16, element: u8) -> bool {
    let known = safe().get(creator.trim_matches(['\0', ' ']));
    known.is_some_and(|elements| elements.contains(&(group, element)))
}

/// Whether the standard lists any safe private attribute of the creator in the group.
pub fn has_safe_private(creator: &str, group: u16) -> bool {
    let known = safe().get(creator.trim_matches(['\0', ' ']));
    known.is_some_and(|elements| elements.iter().any(|(listed, _)| *listed == group))
}

fn safe() -> &'static Safe {
    static SAFE: OnceLock<Safe> = OnceLock::new();
    SAFE.get_or_init(|| {
        let mut safe = Safe::new();
        for (creator, group, element) in lines().filter_map(parse) {
            safe.entry(creator).or_default().insert((group, element));
        }
        safe
    })
}

fn lines() -> impl Iterator<Item = &'static str> {
    TEXT.lines().filter(|line| !line.starts_with('#')).skip(1)
}

fn parse(line: &'static str) -> Option<(&'static str, u16, u8)> {
    let mut cells = line.split('\t');
    let creator = cells.next()?;
    let group = u16::from_str_radix(cells.next()?, 16).ok()?;
    let element = u8::from_str_radix(cells.next()?, 16).ok()?;
    Some((creator, group, element))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_known() {
        assert_eq!(lines().count(), lines().filter_map(parse).count());
        assert_eq!(safe().values().map(HashSet::len).sum::<usize>(), 479);
    }

    #[test]
    fn the_creator_decides() {
        assert!(is_safe_private("GEMS_ACQU_01", 0x0019, 0x23));
        assert!(is_safe_private("GEMS_ACQU_01 ", 0x0019, 0x23));
        assert!(!is_safe_private("GEMS_ACQU_02", 0x0019, 0x23));
        assert!(!is_safe_private("GEMS_ACQU_01", 0x0021, 0x23));
        assert!(!is_safe_private("", 0x0019, 0x23));
    }
}
