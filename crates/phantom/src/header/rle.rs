//! RLE Lossless (PS3.5 annex G) for single-frame grey images.

/// One frame as RLE: header, then a PackBits segment for each byte of the pixel, the high byte first.
pub fn encode(pixels: &[u8], bytes_per_pixel: usize, columns: usize) -> Vec<u8> {
    let segments: Vec<Vec<u8>> = (0..bytes_per_pixel)
        .rev()
        .map(|byte| {
            let plane: Vec<u8> = pixels.iter().skip(byte).step_by(bytes_per_pixel).copied().collect();
            let mut segment: Vec<u8> = plane.chunks(columns).flat_map(pack_row).collect();
            segment.resize(segment.len().next_multiple_of(2), 0);
            segment
        })
        .collect();
    let mut header = [0_u32; 16];
    header[0] = segments.len() as u32;
    let mut offset = 64;
    for (slot, segment) in header[1..].iter_mut().zip(&segments) {
        *slot = offset;
        offset += segment.len() as u32;
    }
    header.iter().flat_map(|word| word.to_le_bytes()).chain(segments.concat()).collect()
}

/// PackBits of one row; runs never cross rows (G.3.1).
fn pack_row(row: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(row.len() + row.len() / 64 + 2);
    let mut at = 0;
    while at < row.len() {
        let run = run_length(&row[at..]);
        if run > 1 {
            out.extend([(257 - run) as u8, row[at]]);
            at += run;
        } else {
            let literal = literal_length(&row[at..]);
            out.push((literal - 1) as u8);
            out.extend(&row[at..at + literal]);
            at += literal;
        }
    }
    out
}

fn run_length(bytes: &[u8]) -> usize {
    bytes.iter().take(128).take_while(|byte| **byte == bytes[0]).count()
}

fn literal_length(bytes: &[u8]) -> usize {
    (1..bytes.len().min(128)).find(|&i| run_length(&bytes[i..]) > 2).unwrap_or(bytes.len().min(128))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unpack(mut bytes: &[u8], length: usize) -> Vec<u8> {
        let mut out = Vec::new();
        while out.len() < length {
            let n = bytes[0] as i8;
            if n >= 0 {
                let count = n as usize + 1;
                out.extend(&bytes[1..=count]);
                bytes = &bytes[count + 1..];
            } else {
                out.extend(std::iter::repeat_n(bytes[1], (1 - isize::from(n)) as usize));
                bytes = &bytes[2..];
            }
        }
        out
    }

    proptest! {
        #[test]
        fn rows_unpack_to_themselves(row in proptest::collection::vec(0_u8..3, 1..400)) {
            prop_assert_eq!(unpack(&pack_row(&row), row.len()), row);
        }
    }
}
