//! Frames of pixel data that are not encapsulated (PS3.5 8.1.1).

use dicom_dictionary_std::tags;

use super::{Frame, FramesError};
use crate::{DataSet, access};

/// Bits of one frame, from the description of the pixels.
fn frame_bits(data_set: &DataSet) -> Option<usize> {
    let positive = |tag| access::integer(data_set, tag).and_then(|number| usize::try_from(number).ok());
    let rows = positive(tags::ROWS)?;
    let columns = positive(tags::COLUMNS)?;
    let samples = positive(tags::SAMPLES_PER_PIXEL).unwrap_or(1);
    let bits = positive(tags::BITS_ALLOCATED)?;
    let photometric = access::text(data_set, tags::PHOTOMETRIC_INTERPRETATION).unwrap_or_default();
    let all = rows.checked_mul(columns)?.checked_mul(samples)?.checked_mul(bits)?;
    // chrominance for every second column only (PS3.3 C.7.6.3.1.2)
    Some(if photometric.ends_with("_422") && samples == 3 { all / 3 * 2 } else { all })
}

/// Bytes of all frames together.
pub(super) fn described_bytes(data_set: &DataSet, count: usize) -> Option<usize> {
    frame_bits(data_set)?.checked_mul(count).map(|bits| bits.div_ceil(8))
}

/// Cuts `bytes` into `count` frames.
pub(super) fn frames<'a>(
    data_set: &DataSet,
    bytes: &'a [u8],
    count: usize,
) -> Result<Vec<Frame<'a>>, FramesError> {
    let bits = frame_bits(data_set).filter(|bits| *bits > 0).ok_or(FramesError::Description)?;
    let all = bits.checked_mul(count).ok_or(FramesError::Description)?;
    if all.div_ceil(8) > bytes.len() {
        return Err(FramesError::TooShort);
    }
    if !bits.is_multiple_of(8) {
        return Ok((0..count).map(|index| shifted(bytes, index * bits, bits)).collect());
    }
    let size = bits / 8;
    Ok(bytes.chunks_exact(size).take(count).map(|frame| Frame::of(vec![frame])).collect())
}

/// The `bits` bits from bit `from` on, least significant bit first (PS3.5 8.1.1), from bit 0 of a new byte on.
fn shifted(bytes: &[u8], from: usize, bits: usize) -> Frame<'static> {
    let (start, shift) = (from / 8, from % 8);
    let at = |index: usize| u16::from(bytes.get(index).copied().unwrap_or(0));
    let mut out: Vec<u8> = (0..bits.div_ceil(8))
        .map(|index| ((at(start + index) | at(start + index + 1) << 8) >> shift) as u8)
        .collect();
    if let Some(last) = out.last_mut().filter(|_| !bits.is_multiple_of(8)) {
        *last &= (1_u8 << (bits % 8)) - 1;
    }
    Frame { parts: Vec::new(), shifted: Some(out) }
}

#[cfg(test)]
mod tests {
    use dicom_core::{DataElement, PrimitiveValue, VR};

    use super::*;

    fn described(rows: u16, columns: u16, bits: u16, samples: u16, photometric: &str) -> DataSet {
        let number = |tag, value: u16| DataElement::new(tag, VR::US, PrimitiveValue::from(value));
        DataSet::from_element_iter([
            number(tags::SAMPLES_PER_PIXEL, samples),
            DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, PrimitiveValue::from(photometric)),
            number(tags::ROWS, rows),
            number(tags::COLUMNS, columns),
            number(tags::BITS_ALLOCATED, bits),
        ])
    }

    fn cut(data_set: &DataSet, bytes: &[u8], count: usize) -> Result<Vec<Vec<u8>>, FramesError> {
        frames(data_set, bytes, count).map(|frames| frames.iter().map(Frame::to_vec).collect())
    }

    #[test]
    fn whole_bytes_are_cut() {
        let grey = described(1, 2, 16, 1, "MONOCHROME2");
        assert_eq!(cut(&grey, &[1, 2, 3, 4, 5, 6, 7, 8], 2), Ok(vec![vec![1, 2, 3, 4], vec![5, 6, 7, 8]]));
        assert_eq!(cut(&grey, &[1, 2, 3, 4, 5, 6, 7], 2), Err(FramesError::TooShort));
        let colour = described(1, 2, 8, 3, "YBR_FULL_422");
        assert_eq!(cut(&colour, &[1, 2, 3, 4], 1), Ok(vec![vec![1, 2, 3, 4]]));
        assert_eq!(cut(&DataSet::new_empty(), &[1, 2], 1), Err(FramesError::Description));
    }

    #[test]
    fn single_bits_are_shifted() {
        let bits = described(3, 3, 1, 1, "MONOCHROME2");
        // 9 bits a frame, least significant bit first: 1 0 1 0 1 0 1 0 1 | 1 1 1 1 1 1 1 1 1
        let bytes = [0b0101_0101, 0b1111_1111, 0b0000_0011];
        assert_eq!(cut(&bits, &bytes, 2), Ok(vec![vec![0b0101_0101, 1], vec![0xFF, 1]]));
    }
}
