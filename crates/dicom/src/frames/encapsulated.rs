//! Fragments to frames (PS3.5 A.4): by offset table, by count, or by where codestreams start.

use dicom_core::value::PixelFragmentSequence;
use dicom_dictionary_std::tags;
use sumgil_model::{TransferSyntax, Uid};

use super::{Frame, FramesError};
use crate::{DataSet, access};

/// Bytes of an item header before each fragment.
const ITEM_HEADER_BYTES: u64 = 8;
/// JPEG, JPEG-LS and JPEG 2000 code streams start so, as do JP2 and JPEG XL files.
const STARTS: [&[u8]; 5] =
    [&[0xFF, 0xD8], &[0xFF, 0x4F, 0xFF, 0x51], &[0xFF, 0x0A], b"\0\0\0\x0CJXL ", b"\0\0\0\x0CjP  "];

type Fragments = PixelFragmentSequence<Vec<u8>>;

/// The frames in `pixels`.
pub(super) fn frames<'a>(
    data_set: &DataSet,
    pixels: &'a Fragments,
    ts: &Uid<TransferSyntax>,
    count: usize,
) -> Result<Vec<Frame<'a>>, FramesError> {
    let fragments: Vec<&[u8]> = pixels.fragments().iter().map(Vec::as_slice).collect();
    if fragments.is_empty() {
        return Err(FramesError::NoPixels);
    }
    if count == 1 || is_video(ts.as_str()) {
        return Ok(vec![Frame::of(fragments)]);
    }
    let by_table = starts_by_offset(&fragments, &extended(data_set), count)
        .or_else(|| starts_by_offset(&fragments, &basic(pixels), count));
    let starts = by_table
        .or_else(|| (fragments.len() == count).then(|| (0..count).collect()))
        .or_else(|| starts_by_content(&fragments, count))
        .ok_or(FramesError::Boundaries)?;
    let ends = starts.iter().skip(1).copied().chain([fragments.len()]);
    let pieces = starts.iter().zip(ends).map(|(start, end)| fragments.get(*start..end).map(<[_]>::to_vec));
    pieces.map(|parts| parts.map(Frame::of).ok_or(FramesError::Boundaries)).collect()
}

/// MPEG-2, MPEG-4 and HEVC: one stream for all frames.
fn is_video(ts: &str) -> bool {
    let number =
        ts.strip_prefix("1.2.840.10008.1.2.4.").and_then(|rest| rest.split('.').next()?.parse().ok());
    number.is_some_and(|number: u16| (100..=108).contains(&number))
}

fn basic(pixels: &Fragments) -> Vec<u64> {
    pixels.offset_table().iter().map(|offset| u64::from(*offset)).collect()
}

/// Extended Offset Table (7FE0,0001).
fn extended(data_set: &DataSet) -> Vec<u64> {
    let table = access::bytes(data_set, tags::EXTENDED_OFFSET_TABLE).unwrap_or_default();
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    table.chunks_exact(8).map(word).collect()
}

/// The numbers of the fragments at the offsets; `None` unless each offset is the start of a fragment.
fn starts_by_offset(fragments: &[&[u8]], offsets: &[u64], count: usize) -> Option<Vec<usize>> {
    if offsets.len() != count || offsets.first() != Some(&0) {
        return None;
    }
    let mut position = 0;
    let positions: Vec<u64> = fragments
        .iter()
        .map(|fragment| {
            let start = position;
            position += ITEM_HEADER_BYTES + fragment.len() as u64;
            start
        })
        .collect();
    let starts: Option<Vec<usize>> =
        offsets.iter().map(|offset| positions.binary_search(offset).ok()).collect();
    starts.filter(|starts| starts.is_sorted_by(|one, next| one < next))
}

/// Fragments that start a codestream, when there are as many as frames.
fn starts_by_content(fragments: &[&[u8]], count: usize) -> Option<Vec<usize>> {
    let is_start = |fragment: &[u8]| STARTS.iter().any(|start| fragment.starts_with(start));
    let starts: Vec<usize> =
        (0..fragments.len()).filter(|index| fragments.get(*index).is_some_and(|one| is_start(one))).collect();
    (starts.len() == count && starts.first() == Some(&0)).then_some(starts)
}

#[cfg(test)]
mod tests {
    use dicom_core::{DataElement, PrimitiveValue, VR, value::Value};

    use super::*;
    use crate::frames::frames as all_frames;

    const JPEG: &str = "1.2.840.10008.1.2.4.50";

    fn image(count: &str, table: Vec<u32>, fragments: Vec<Vec<u8>>) -> DataSet {
        let pixels: Value<DataSet> = Value::PixelSequence(PixelFragmentSequence::new(table, fragments));
        DataSet::from_element_iter([
            DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, PrimitiveValue::from(count)),
            DataElement::new(tags::PIXEL_DATA, VR::OB, pixels),
        ])
    }

    fn sizes(data_set: &DataSet, ts: &str) -> Result<Vec<usize>, FramesError> {
        let frames = all_frames(data_set, &Uid::parse(ts).unwrap())?;
        Ok(frames.iter().map(Frame::size_bytes).collect())
    }

    fn streams() -> Vec<Vec<u8>> {
        vec![vec![0xFF, 0xD8, 1, 2], vec![3, 4], vec![0xFF, 0xD8, 5, 6, 7, 8]]
    }

    #[test]
    fn one_frame_takes_all_fragments() {
        assert_eq!(sizes(&image("1", vec![], streams()), JPEG), Ok(vec![12]));
        assert_eq!(sizes(&image("25", vec![], streams()), "1.2.840.10008.1.2.4.102"), Ok(vec![12]));
    }

    #[test]
    fn tables_decide_then_counts_then_contents() {
        assert_eq!(sizes(&image("2", vec![0, 12], streams()), JPEG), Ok(vec![4, 8]));
        assert_eq!(sizes(&image("3", vec![], streams()), JPEG), Ok(vec![4, 2, 6]));
        assert_eq!(sizes(&image("2", vec![], streams()), JPEG), Ok(vec![6, 6]));
        assert_eq!(sizes(&image("2", vec![0, 13], streams()), JPEG), Ok(vec![6, 6]), "a wrong table");
        assert_eq!(sizes(&image("4", vec![], streams()), JPEG), Err(FramesError::Boundaries));
        assert_eq!(sizes(&image("0", vec![], streams()), JPEG), Err(FramesError::Description));
        assert_eq!(sizes(&image("2", vec![], vec![]), JPEG), Err(FramesError::NoPixels));
    }

    #[test]
    fn the_extended_table_beats_the_basic_one() {
        let mut data_set = image("2", vec![0, 12], streams());
        let table: Vec<u8> = [0_u64, 22].iter().flat_map(|offset| offset.to_le_bytes()).collect();
        data_set.put(DataElement::new(tags::EXTENDED_OFFSET_TABLE, VR::OV, PrimitiveValue::from(table)));
        assert_eq!(sizes(&data_set, JPEG), Ok(vec![6, 6]));
    }
}
