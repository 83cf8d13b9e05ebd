//! Masks as short text, for forms and addresses: `FRAME,X,Y,WIDTH,HEIGHT;...`, FRAME empty for all frames.

use std::fmt::Write;

use sumgil_dicom::pixels::Region;

/// Most masks of one instance.
pub const MOST_MASKS: usize = 20_000;
/// No image is wider or higher.
const LARGEST: u32 = 65_535;

/// Reads masks; `None` when the text is not what [`write_masks`] writes, or has an empty or endless rectangle.
pub fn parse_masks(text: &str) -> Option<Vec<Region>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let masks: Vec<Region> = text.split(';').take(MOST_MASKS + 1).map(parse).collect::<Option<_>>()?;
    (masks.len() <= MOST_MASKS).then_some(masks)
}

fn parse(text: &str) -> Option<Region> {
    let (frame, rest) = text.split_once(',')?;
    let frame = if frame.is_empty() { None } else { Some(frame.parse().ok()?) };
    let mut numbers = rest.split(',').map(|n| n.parse::<u32>().ok().filter(|n| *n <= LARGEST));
    let mut next = || numbers.next()?;
    let region = Region { frame, x: next()?, y: next()?, width: next()?, height: next()? };
    (numbers.next().is_none() && region.width > 0 && region.height > 0).then_some(region)
}

/// Writes masks.
pub fn write_masks(masks: &[Region]) -> String {
    let mut text = String::new();
    for (n, mask) in masks.iter().enumerate() {
        let frame = mask.frame.map(|f| f.to_string()).unwrap_or_default();
        let separator = if n == 0 { "" } else { ";" };
        let _ = write!(text, "{separator}{frame},{},{},{},{}", mask.x, mask.y, mask.width, mask.height);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(
            masks in proptest::collection::vec((proptest::option::of(0u32..9999), 0u32..9999, 0u32..9999, 1u32..9999, 1u32..9999), 0..20)
        ) {
            let masks: Vec<Region> = masks
                .into_iter()
                .map(|(frame, x, y, width, height)| Region { frame, x, y, width, height })
                .collect();
            prop_assert_eq!(parse_masks(&write_masks(&masks)), Some(masks));
        }

        #[test]
        fn whatever_comes_does_no_harm(text in ".{0,80}") {
            let _ = parse_masks(&text);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["1", ",1,2,3", ",1,2,3,4,5", ",1,2,0,4", ",1,2,3,70000", "x,1,2,3,4", ",-1,2,3,4", ";"] {
            assert_eq!(parse_masks(text), None, "{text}");
        }
        assert_eq!(parse_masks(&vec![",1,1,1,1"; MOST_MASKS + 1].join(";")), None);
    }
}
