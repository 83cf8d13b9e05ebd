//! From a location of the key to the element there.

use sumgil_dicom::{
    DataSet, access,
    dicom_core::{DataElement, Tag, header::Header, value::Value},
};

/// An element of a data set.
pub(crate) type Element = DataElement<DataSet, Vec<u8>>;

/// The element at a location of the key.
pub(crate) fn locate<'a>(data_set: &'a DataSet, location: &str) -> Option<&'a Element> {
    let Some((first, rest)) = location.split_once('/').filter(|(first, _)| first.contains('[')) else {
        return one(data_set, location);
    };
    let (tag, number) = first.split_once('[')?;
    let number: usize = number.trim_end_matches(']').parse().ok()?;
    let Value::Sequence(sequence) = one(data_set, tag)?.value() else { return None };
    locate(sequence.items().get(number)?, rest)
}

/// `ggggeeee`, or `ggggxxee@CREATOR`.
fn one<'a>(data_set: &'a DataSet, place: &str) -> Option<&'a Element> {
    let hex = |range| u16::from_str_radix(place.get(range)?, 16).ok();
    let Some((_, creator)) = place.split_once('@') else {
        return data_set.get(Tag(hex(0..4)?, hex(4..8)?));
    };
    let (group, low) = (hex(0..4)?, hex(6..8)?);
    data_set.iter().find(|element| {
        let tag = element.tag();
        let block = Tag(group, tag.1 >> 8);
        tag.0 == group
            && tag.1 >= 0x1000
            && tag.1 & 0xFF == low
            && access::text(data_set, block).as_deref() == Some(creator)
    })
}
