//! Colour by table (PS3.3 C.7.9).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::grey::luminance;
use crate::DataSet;

const CHANNELS: [(Tag, Tag); 3] = [
    (tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA),
    (tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA),
    (tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR, tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA),
];

/// The three tables.
#[derive(Clone, Debug)]
pub(super) struct Palette {
    first: i32,
    colours: Vec<[u8; 3]>,
}

impl Palette {
    /// The tables of the data set; `None` when they are absent, segmented or too short.
    pub(super) fn of(data_set: &DataSet) -> Option<Self> {
        let [red, green, blue] = CHANNELS.map(|(descriptor, data)| channel(data_set, descriptor, data));
        let ((first, red), (_, green), (_, blue)) = (red?, green?, blue?);
        let colours: Vec<[u8; 3]> =
            red.into_iter().zip(green).zip(blue).map(|((red, green), blue)| [red, green, blue]).collect();
        (!colours.is_empty()).then_some(Self { first, colours })
    }

    /// The colour of a number; below and above the table its ends count.
    pub(super) fn colour(&self, index: i32) -> [u8; 3] {
        let at = (i64::from(index) - i64::from(self.first)).max(0) as usize;
        self.colours.get(at).or(self.colours.last()).copied().unwrap_or_default()
    }

    /// The number of the darkest entry, up to `last`.
    pub(super) fn darkest(&self, last: i32) -> i32 {
        let reachable = (0..self.colours.len() as i32).map(|entry| self.first.saturating_add(entry));
        let reachable = reachable.filter(|index| (0..=last).contains(index));
        let darker = |best: i32, index| {
            if luminance(self.colour(index)) < luminance(self.colour(best)) { index } else { best }
        };
        reachable.reduce(darker).unwrap_or(0)
    }
}

/// First number and the entries of one table, in 8 bits.
fn channel(data_set: &DataSet, descriptor: Tag, data: Tag) -> Option<(i32, Vec<u8>)> {
    let descriptor: Vec<i64> = data_set.get(descriptor)?.to_multi_int().ok()?;
    let [entries, first, bits] = *descriptor.as_slice() else { return None };
    // a writer may have taken the number for one with sign
    let entries = if entries == 0 { 1 << 16 } else { (entries & 0xFFFF) as usize };
    let bytes = data_set.get(data)?.value().primitive()?.to_bytes();
    let is_packed = bits == 8 && bytes.len() < entries * 2;
    if is_packed {
        return bytes.get(..entries).map(|table| (first as i32, table.to_vec()));
    }
    let words: Vec<u16> =
        bytes.as_chunks::<2>().0.iter().take(entries).map(|word| u16::from_le_bytes(*word)).collect();
    // some writers put 8 bits into words that they call 16 bits wide
    let shift = if bits == 8 || words.iter().all(|word| *word < 256) { 0 } else { 8 };
    let is_whole = words.len() == entries;
    is_whole.then(|| (first as i32, words.iter().map(|word| (word >> shift) as u8).collect()))
}
