//! One pass over the structure of a data set, on an explicit stack: what the recursive parser may then trust.

use dicom_core::VR;

use crate::{
    encoding::{
        Encoding, Header, ITEM, ITEM_END, PIXEL_DATA, SEQUENCE_END, UNDEFINED, header, is_multi_text,
    },
    limits::Limits,
    refusal::Refusal,
};

/// What the walk saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Walked {
    /// Offset of the header of Pixel Data in the main data set.
    pub(crate) pixel_data_at: Option<usize>,
    /// Whether that Pixel Data is encapsulated.
    pub(crate) encapsulated: bool,
    /// Values of UN elements of undefined length, as `(start, end)` without the delimiter, in ascending order.
    pub(crate) unknown_spans: Vec<(usize, usize)>,
    /// Data elements, items and fragments.
    pub(crate) elements: usize,
    /// Where the data set ends; what follows is zero padding.
    pub(crate) end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Expects items.
    Sequence,
    /// Expects data elements.
    Item,
    /// Expects fragments (items that are bytes).
    Fragments,
}

/// An open sequence or item.
struct Open {
    kind: Kind,
    /// `None`: up to the delimiter.
    end: Option<usize>,
    encoding: Encoding,
    /// Start of the value when this is the outermost UN of undefined length.
    unknown_from: Option<usize>,
}

struct Walk<'a> {
    bytes: &'a [u8],
    limits: &'a Limits,
    at: usize,
    stack: Vec<Open>,
    depth: usize,
    elements: usize,
    values: usize,
    seen: Walked,
}

/// Walks `bytes` as a data set laid out as `encoding`.
pub(crate) fn walk(bytes: &[u8], encoding: Encoding, limits: &Limits) -> Result<Walked, Refusal> {
    let mut walk = Walk {
        bytes,
        limits,
        at: 0,
        stack: Vec::new(),
        depth: 0,
        elements: 0,
        values: 0,
        seen: Walked::default(),
    };
    while walk.step(encoding)? {}
    walk.seen.end = walk.at;
    walk.seen.elements = walk.elements;
    Ok(walk.seen)
}

impl Walk<'_> {
    /// One header and, if it is no container, its value. `false` at the end of the data set.
    fn step(&mut self, main: Encoding) -> Result<bool, Refusal> {
        while let Some(end) = self.stack.last().and_then(|open| open.end) {
            if self.at < end {
                break;
            }
            self.close()?;
        }
        let (kind, encoding) =
            self.stack.last().map_or((Kind::Item, main), |open| (open.kind, open.encoding));
        if self.stack.is_empty() && is_padding(self.bytes, self.at) {
            return Ok(false);
        }
        if kind == Kind::Fragments && self.at == self.bytes.len() {
            // The delimiter after the last fragment is missing in many a file that is whole otherwise.
            self.close()?;
            return Ok(true);
        }
        let header = header(self.bytes, self.at, encoding).ok_or(Refusal::Truncated { offset: self.at })?;
        self.count()?;
        match kind {
            Kind::Item => self.element(header, encoding)?,
            Kind::Sequence => self.sequence_part(header, encoding)?,
            Kind::Fragments => self.fragment(header)?,
        }
        Ok(true)
    }

    fn count(&mut self) -> Result<(), Refusal> {
        self.elements += 1;
        let limit = self.limits.max_elements;
        if self.elements > limit { Err(Refusal::TooManyElements { limit }) } else { Ok(()) }
    }

    fn element(&mut self, header: Header, encoding: Encoding) -> Result<(), Refusal> {
        if header.tag == ITEM_END {
            return self.item_end(header);
        }
        // group 0 is the command's; refused here also so that zeros are looked at for padding only once
        if header.tag.0 == 0xFFFE || header.tag.0 == 0 {
            return Err(Refusal::Structure { offset: self.at });
        }
        if header.tag == PIXEL_DATA && self.stack.is_empty() {
            self.seen.pixel_data_at = Some(self.at);
            self.seen.encapsulated = header.length == UNDEFINED;
        }
        if header.length == UNDEFINED && header.tag == PIXEL_DATA {
            return self.open(Kind::Fragments, header, encoding);
        }
        if header.vr == VR::SQ || header.length == UNDEFINED {
            let unknown = header.vr == VR::UN && encoding != Encoding::ImplicitLittle;
            let inner = if unknown { Encoding::ImplicitLittle } else { encoding };
            self.open(Kind::Sequence, header, inner)?;
            if let (true, Some(open)) = (unknown, self.stack.last_mut()) {
                open.unknown_from = Some(header.value_at);
            }
            return Ok(());
        }
        let end = self.value_end(header)?;
        if is_multi_text(header.vr) {
            self.count_values(header.value_at, end)?;
        }
        self.at = end;
        Ok(())
    }

    fn count_values(&mut self, from: usize, to: usize) -> Result<(), Refusal> {
        let value = self.bytes.get(from..to).unwrap_or_default();
        self.values += 1 + value.iter().filter(|byte| **byte == b'\\').count();
        let limit = self.limits.max_values;
        if self.values > limit { Err(Refusal::TooManyValues { limit }) } else { Ok(()) }
    }

    fn sequence_part(&mut self, header: Header, encoding: Encoding) -> Result<(), Refusal> {
        match header.tag {
            ITEM => self.open(Kind::Item, header, encoding),
            SEQUENCE_END => self.sequence_end(header),
            _ => Err(Refusal::Structure { offset: self.at }),
        }
    }

    fn fragment(&mut self, header: Header) -> Result<(), Refusal> {
        match header.tag {
            ITEM if header.length != UNDEFINED => {
                self.at = self.value_end(header)?;
                Ok(())
            }
            SEQUENCE_END => self.sequence_end(header),
            _ => Err(Refusal::Structure { offset: self.at }),
        }
    }

    fn item_end(&mut self, header: Header) -> Result<(), Refusal> {
        match self.stack.last() {
            // dicom-rs skips a stray delimiter of the main data set, and so do we
            None => {}
            Some(open) if open.end.is_none() && header.length == 0 => {
                self.stack.pop();
            }
            Some(_) => return Err(Refusal::Structure { offset: self.at }),
        }
        self.at = header.value_at;
        Ok(())
    }

    fn sequence_end(&mut self, header: Header) -> Result<(), Refusal> {
        if self.stack.last().is_some_and(|open| open.end.is_some()) || header.length != 0 {
            return Err(Refusal::Structure { offset: self.at });
        }
        self.close()?;
        self.at = header.value_at;
        Ok(())
    }

    /// Leaves the innermost container; `at` stands at the end of its content.
    fn close(&mut self) -> Result<(), Refusal> {
        let Some(open) = self.stack.pop() else { return Ok(()) };
        if open.end.is_some_and(|end| end < self.at) {
            return Err(Refusal::BeyondParent { offset: self.at });
        }
        if open.kind != Kind::Item {
            self.depth -= 1;
        }
        if let Some(from) = open.unknown_from {
            self.seen.unknown_spans.push((from, self.at));
        }
        Ok(())
    }

    fn open(&mut self, kind: Kind, header: Header, encoding: Encoding) -> Result<(), Refusal> {
        if kind != Kind::Item {
            self.depth += 1;
            let limit = self.limits.max_depth;
            if self.depth > limit {
                return Err(Refusal::NestedTooDeep { limit, offset: self.at });
            }
        }
        let end = if header.length == UNDEFINED { None } else { Some(self.value_end(header)?) };
        self.stack.push(Open { kind, end, encoding, unknown_from: None });
        self.at = header.value_at;
        Ok(())
    }

    /// The end of a value of defined length, inside the bytes and inside every container of defined length.
    fn value_end(&self, header: Header) -> Result<usize, Refusal> {
        let end = header.value_at.saturating_add(header.length as usize);
        let parent = self.stack.iter().rev().find_map(|open| open.end);
        if parent.is_some_and(|parent| end > parent) {
            return Err(Refusal::BeyondParent { offset: self.at });
        }
        if end > self.bytes.len() { Err(Refusal::Truncated { offset: self.at }) } else { Ok(end) }
    }
}

/// Whether nothing but zeros follows: the end, or padding that some writers leave behind the data set.
fn is_padding(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().take(8).all(|byte| *byte == 0) && rest.iter().all(|byte| *byte == 0)
}

/// Bytes of one word of a binary VR; 1 for text and bytes.
pub(crate) fn word_bytes(vr: VR) -> usize {
    match vr {
        VR::US | VR::SS | VR::OW => 2,
        VR::UL | VR::SL | VR::FL | VR::AT | VR::OL | VR::OF => 4,
        VR::FD | VR::UV | VR::SV | VR::OD | VR::OV => 8,
        _ => 1,
    }
}
