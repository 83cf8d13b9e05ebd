//! Tile-parts (T.800 A.4.2) that are counted wrong: a common encoder numbers them from one too high.

const START_OF_TILE: [u8; 2] = [0xFF, 0x90];
/// Places in a tile-part header.
const SIZE: usize = 6;
const NUMBER: usize = 10;
const COUNT: usize = 11;

/// The stream without the counts of tile-parts, which may be left open; `None` unless a number exceeds its count.
pub(super) fn without_counts(stream: &[u8]) -> Option<Vec<u8>> {
    let mut uncounted = stream.to_vec();
    let mut is_wrong = false;
    let mut at = first(stream)?;
    while stream.get(at..).is_some_and(|rest| rest.starts_with(&START_OF_TILE)) {
        let header = stream.get(at..=at + COUNT)?;
        is_wrong |= header[COUNT] != 0 && header[NUMBER] >= header[COUNT];
        *uncounted.get_mut(at + COUNT)? = 0;
        let size = u32::from_be_bytes(*header.get(SIZE..)?.first_chunk()?) as usize;
        if size <= COUNT {
            break;
        }
        at = at.checked_add(size)?;
    }
    is_wrong.then_some(uncounted)
}

/// Where the first tile-part starts.
fn first(stream: &[u8]) -> Option<usize> {
    let mut at = 2;
    while !stream.get(at..)?.starts_with(&START_OF_TILE) {
        at += 2 + usize::from(u16::from_be_bytes(*stream.get(at + 2..)?.first_chunk()?));
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(parts: &[[u8; 2]]) -> Vec<u8> {
        let mut stream = vec![0xFF, 0x4F, 0xFF, 0x51, 0, 4, 0, 0];
        for [number, count] in parts {
            stream.extend([0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 14, *number, *count, 0xFF, 0x93]);
        }
        stream.extend([0xFF, 0xD9]);
        stream
    }

    #[test]
    fn only_wrong_counts_are_left_open() {
        assert_eq!(without_counts(&stream(&[[0, 2], [1, 2]])), None);
        assert_eq!(without_counts(&stream(&[[0, 1], [1, 1]])), Some(stream(&[[0, 0], [1, 0]])));
        assert_eq!(without_counts(&stream(&[])), None);
        let whole = stream(&[[0, 1], [1, 1]]);
        (0..whole.len()).for_each(|end| drop(without_counts(&whole[..end])));
    }
}
