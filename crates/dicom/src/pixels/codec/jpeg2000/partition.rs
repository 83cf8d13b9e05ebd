//! Into how many pieces a codestream cuts its image: each costs memory before it is decoded (T.800 A.6).

const START_OF_TILE: u8 = 0x90;
const START_OF_DATA: u8 = 0x93;
const CODING_STYLE: u8 = 0x52;
const COMPONENT_STYLE: u8 = 0x53;
/// Precincts at least 16 wide and high; the lowest resolution is small anyway.
const MIN_PRECINCT: u8 = 4;
/// Code blocks of at least 256 samples.
const MIN_BLOCK: u8 = 8;

/// Whether pieces are of a sensible size everywhere; `None` where the headers are cut short.
pub(super) fn is_coarse(stream: &[u8]) -> Option<bool> {
    let components = usize::from(u16::from_be_bytes(*stream.get(40..)?.first_chunk()?));
    let mut rest = stream.get(2..)?;
    let mut tile_part: Option<&[u8]> = None;
    loop {
        let [0xFF, marker, ..] = *rest else { return rest.is_empty().then_some(true) };
        if marker == START_OF_DATA {
            match tile_part.take() {
                Some(next) => rest = next,
                None => return None,
            }
            continue;
        }
        if marker == 0xD9 {
            return Some(true);
        }
        let length = usize::from(u16::from_be_bytes(*rest.get(2..)?.first_chunk()?));
        let segment = rest.get(4..2 + length)?;
        let is_fine = match marker {
            CODING_STYLE => style(*segment.first()?, segment.get(5..)?),
            COMPONENT_STYLE => {
                let index = if components < 257 { 1 } else { 2 };
                style(*segment.get(index)?, segment.get(index + 1..)?)
            }
            _ => Some(true),
        };
        if !is_fine? {
            return Some(false);
        }
        if marker == START_OF_TILE {
            let size = u32::from_be_bytes(*segment.get(2..)?.first_chunk()?) as usize;
            tile_part = Some(if size == 0 { &[] } else { rest.get(size..).unwrap_or_default() });
        }
        rest = rest.get(2 + length..)?;
    }
}

/// Levels, exponents of the code blocks less two, style, transform, then precincts if there are any.
fn style(flags: u8, parameters: &[u8]) -> Option<bool> {
    let [_, wide, high, ..] = *parameters else { return None };
    let is_block = (wide & 0xF) + (high & 0xF) + 4 >= MIN_BLOCK;
    let precincts = if flags & 1 == 0 { &[] } else { parameters.get(5..)? };
    let is_precinct = |size: &u8| size & 0xF >= MIN_PRECINCT && size >> 4 >= MIN_PRECINCT;
    Some(is_block && precincts.iter().skip(1).all(is_precinct))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header of one component, with a coding style of these block exponents and precincts.
    fn stream(block: u8, precincts: &[u8]) -> Vec<u8> {
        let mut stream = vec![0xFF, 0x4F, 0xFF, 0x51, 0, 41];
        stream.extend([0; 34]);
        stream.extend([0, 1, 7, 1, 1]);
        let flags = u8::from(!precincts.is_empty());
        stream.extend([
            0xFF,
            CODING_STYLE,
            0,
            12 + precincts.len() as u8,
            flags,
            0,
            0,
            1,
            0,
            2,
            block,
            block,
            0,
            1,
        ]);
        stream.extend(precincts);
        stream.extend([
            0xFF,
            START_OF_TILE,
            0,
            10,
            0,
            0,
            0,
            0,
            0,
            16,
            0,
            1,
            0xFF,
            START_OF_DATA,
            9,
            9,
            0xFF,
            0xD9,
        ]);
        stream
    }

    #[test]
    fn small_blocks_and_precincts_are_seen() {
        assert_eq!(is_coarse(&stream(4, &[])), Some(true));
        assert_eq!(is_coarse(&stream(1, &[])), Some(false));
        assert_eq!(is_coarse(&stream(4, &[0x11, 0x77, 0x88])), Some(true));
        assert_eq!(is_coarse(&stream(4, &[0x77, 0x17, 0x88])), Some(false));
    }

    #[test]
    fn cut_headers_are_none_or_coarse() {
        let whole = stream(4, &[0x77, 0x77, 0x88]);
        for end in 0..whole.len() {
            assert_ne!(is_coarse(&whole[..end]), Some(false), "{end}");
        }
    }
}
