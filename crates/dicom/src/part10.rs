//! Finds the data set in a file: preamble, file meta information (PS3.10 section 7.1), or neither.

use sumgil_model::{TransferSyntax, Uid};

use crate::{
    encoding::{Encoding, header},
    refusal::Refusal,
};

const PREAMBLE_BYTES: usize = 128;
const TRANSFER_SYNTAX_ELEMENT: u16 = 0x0010;

/// Where the data set starts and what the file says of its layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Located {
    pub(crate) had_preamble: bool,
    pub(crate) had_meta: bool,
    /// As declared; `None` where nothing readable is declared.
    pub(crate) transfer_syntax: Option<Uid<TransferSyntax>>,
    pub(crate) data_set_at: usize,
    /// Elements of the file meta information.
    pub(crate) meta: Vec<MetaElement>,
}

/// Most elements that file meta information may have; the standard defines 14.
const MAX_META_ELEMENTS: usize = 64;

/// An element of group 0002.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MetaElement {
    pub(crate) number: u16,
    /// Where the value is in the file.
    pub(crate) value: std::ops::Range<usize>,
}

/// The transfer syntax that a file's meta information declares, without a look at the data set.
pub fn declared_transfer_syntax(file: &[u8]) -> Option<Uid<TransferSyntax>> {
    locate(file).ok()?.transfer_syntax
}

/// Looks for preamble and file meta information.
pub(crate) fn locate(bytes: &[u8]) -> Result<Located, Refusal> {
    let had_preamble = bytes.get(PREAMBLE_BYTES..PREAMBLE_BYTES + 4) == Some(b"DICM");
    let start = match bytes.get(..4) {
        _ if had_preamble => PREAMBLE_BYTES + 4,
        // some writers keep the prefix and leave out the preamble
        Some(b"DICM") => 4,
        Some(_) => 0,
        None => return Err(Refusal::NotDicom),
    };
    let encoding = meta_encoding(bytes, start);
    let mut located = Located {
        had_preamble,
        had_meta: false,
        transfer_syntax: None,
        data_set_at: start,
        meta: Vec::new(),
    };
    while let Some(element) = header(bytes, located.data_set_at, encoding)
        && element.tag.0 == 0x0002
    {
        located.had_meta = true;
        let end = element.value_at.saturating_add(element.length as usize);
        let value =
            bytes.get(element.value_at..end).ok_or(Refusal::Truncated { offset: located.data_set_at })?;
        if element.tag.1 == TRANSFER_SYNTAX_ELEMENT {
            located.transfer_syntax =
                std::str::from_utf8(value).ok().and_then(|text| Uid::parse(text.trim_end()).ok());
        }
        if located.meta.len() == MAX_META_ELEMENTS {
            return Err(Refusal::Structure { offset: located.data_set_at });
        }
        located.meta.push(MetaElement { number: element.tag.1, value: element.value_at..end });
        located.data_set_at = end;
    }
    Ok(located)
}

/// Explicit VR little endian as it must be, or implicit where a writer broke the rule.
fn meta_encoding(bytes: &[u8], start: usize) -> Encoding {
    if looks_explicit(bytes, start) { Encoding::ExplicitLittle } else { Encoding::ImplicitLittle }
}

/// Whether two capital letters stand where an explicit VR has to stand.
fn looks_explicit(bytes: &[u8], at: usize) -> bool {
    bytes
        .get(at + 4..at + 6)
        .and_then(|letters| letters.try_into().ok())
        .is_some_and(|letters| dicom_core::VR::from_binary(letters).is_some())
}

/// The layout of the data set at `at`, by its first element; `None` if it does not look like a data set.
pub(crate) fn sniff(bytes: &[u8], at: usize) -> Option<Encoding> {
    let group = bytes.get(at..at + 2)?;
    let is_low = |group: u16| (0x0004..=0x0028).contains(&group) && group.is_multiple_of(2);
    let little = is_low(u16::from_le_bytes([group[0], group[1]]));
    let big = is_low(u16::from_be_bytes([group[0], group[1]]));
    match (little, big, looks_explicit(bytes, at)) {
        (true, _, true) => Some(Encoding::ExplicitLittle),
        (_, true, true) => Some(Encoding::ExplicitBig),
        (true, _, false) => Some(Encoding::ImplicitLittle),
        _ => None,
    }
}
