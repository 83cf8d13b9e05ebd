//! Searching pixels and other bulk bytes for thousands of patterns at memory speed.
//!
//! Every pattern has 6 bytes or more, so that of every three neighbouring positions one starts a window of
//! 4 bytes that lies wholly inside it. Only every third position is looked at: one table look-up in a bit
//! set of hashed windows; the few that pass are compared in full. ASCII letters match in either case.

use super::patterns::SHORTEST;

const WINDOW: usize = 4;
const STEP: usize = SHORTEST - WINDOW + 1;
const FILTER_BITS: u32 = 20;
/// Makes ASCII letters of both cases, and some other bytes, alike: a filter may be too coarse, never too fine.
const CASE: u32 = 0x2020_2020;

/// A set of byte patterns, ready to search with.
pub(crate) struct BulkSearch {
    patterns: Vec<Vec<u8>>,
    filter: Vec<u64>,
    /// Folded window, pattern, offset of the window in the pattern; ordered by window.
    windows: Vec<(u32, u32, u8)>,
}

impl BulkSearch {
    pub(crate) fn new(patterns: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let patterns: Vec<_> = patterns.into_iter().filter(|pattern| pattern.len() >= SHORTEST).collect();
        let mut windows: Vec<_> = patterns
            .iter()
            .enumerate()
            .flat_map(|(index, pattern)| {
                (0..STEP).filter_map(move |at| Some((window(pattern, at)?, index as u32, at as u8)))
            })
            .collect();
        windows.sort_unstable();
        let mut filter = vec![0_u64; 1 << (FILTER_BITS - 6)];
        for (window, ..) in &windows {
            let bit = hash(*window);
            filter[bit >> 6] |= 1 << (bit & 63);
        }
        Self { patterns, filter, windows }
    }

    /// Whether any pattern of at least `least` bytes occurs in `bytes`.
    pub(crate) fn found_in(&self, bytes: &[u8], least: usize) -> bool {
        if self.windows.is_empty() {
            return false;
        }
        let (mut at, mut last) = (0, None);
        while let Some(window) = window(bytes, at) {
            // Runs of one value are common in images: a window that was just looked up is not looked up again,
            // unless it could be part of a pattern.
            if last != Some(window) {
                let bit = hash(window);
                if self.filter[bit >> 6] >> (bit & 63) & 1 == 0 {
                    last = Some(window);
                } else if self.matches(bytes, at, window, least) {
                    return true;
                }
            }
            at += STEP;
        }
        false
    }

    fn matches(&self, bytes: &[u8], at: usize, window: u32, least: usize) -> bool {
        let from = self.windows.partition_point(|(other, ..)| *other < window);
        self.windows[from..].iter().take_while(|(other, ..)| *other == window).any(|(_, index, offset)| {
            let pattern = &self.patterns[*index as usize];
            let start = at.checked_sub(usize::from(*offset)).filter(|_| pattern.len() >= least);
            start
                .and_then(|start| bytes.get(start..start + pattern.len()))
                .is_some_and(|found| found.eq_ignore_ascii_case(pattern))
        })
    }
}

fn window(bytes: &[u8], at: usize) -> Option<u32> {
    let four: [u8; WINDOW] = bytes.get(at..at + WINDOW)?.try_into().ok()?;
    Some(u32::from_le_bytes(four) | CASE)
}

fn hash(window: u32) -> usize {
    (window.wrapping_mul(0x9e37_79b1) >> (32 - FILTER_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_found_where_nothing_is() {
        let search = BulkSearch::new([b"kimseo".to_vec(), b"short".to_vec()]);
        assert!(!search.found_in(b"", 0));
        assert!(!search.found_in(b"a short kims eo", 0));
        assert!(!search.found_in(&[0; 4096], 0));
        assert!(search.found_in(b"..KimSeo..", 6));
        assert!(search.found_in(b"kimseo", 6));
        assert!(!search.found_in(b"kimseo", 8));
    }

    proptest! {
        #[test]
        fn a_planted_pattern_is_found_wherever_it_lies(
            pattern in proptest::collection::vec(any::<u8>(), 6..40),
            others in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 6..40), 0..20),
            mut noise in proptest::collection::vec(any::<u8>(), 0..300),
            at in any::<prop::sample::Index>(),
        ) {
            let at = at.index(noise.len() + 1);
            noise.splice(at..at, pattern.iter().copied());
            let search = BulkSearch::new(others.into_iter().chain([pattern]));
            prop_assert!(search.found_in(&noise, 0));
        }

        #[test]
        fn what_is_found_is_there(noise in proptest::collection::vec(0_u8..4, 0..400)) {
            let pattern = vec![1, 2, 3, 0, 1, 2];
            let there = noise.windows(6).any(|w| w == pattern.as_slice());
            prop_assert_eq!(BulkSearch::new([pattern]).found_in(&noise, 0), there);
        }
    }
}
