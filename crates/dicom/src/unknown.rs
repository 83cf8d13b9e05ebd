//! Values of unknown VR (UN) that are known after all: sequences in implicit VR little endian (PS3.5 6.2.2),
//! and attributes of the dictionary that a writer did not know.

use dicom_core::{DataElement, Tag, VR};
use dicom_object::mem::InMemElement;

use crate::{
    DataSet, charset,
    encoding::{Encoding, PIXEL_DATA, UNDEFINED, implicit_vr},
    limits::Limits,
    read::parse_raw,
    refusal::Refusal,
    walk::{self, walk},
};

/// Stands for a private attribute while its value is read: any public sequence would do.
const STAND_IN: Tag = Tag(0x0008, 0x1140);

/// The items of a UN value that is a sequence in implicit (or, against the standard, explicit) VR little endian;
/// `None` when it is none, or exceeds the limits.
///
/// [`crate::read()`] has done this already for every UN value at every depth.
pub fn items_of_unknown(value: &[u8], limits: &Limits) -> Option<Vec<DataSet>> {
    let mut seen = Seen::new(limits);
    let mut data_set = seen.reread(STAND_IN, value).ok()??;
    seen.resolve(&mut data_set, 0).ok()?;
    charset::make_unicode(&mut data_set, seen.foreign_text);
    data_set.take(STAND_IN)?.into_value().into_items().map(|items| items.into_iter().collect())
}

/// Turns UN values into what they are, at every depth. `true` when a text in them needs its character set.
pub(crate) fn resolve(data_set: &mut DataSet, limits: &Limits) -> Result<bool, Refusal> {
    let mut seen = Seen::new(limits);
    seen.resolve(data_set, 0)?;
    Ok(seen.foreign_text)
}

/// What was found in UN values so far, and how much more of it there may be.
struct Seen {
    /// Elements are counted over all UN values of the data set.
    limits: Limits,
    foreign_text: bool,
}

impl Seen {
    fn new(limits: &Limits) -> Self {
        Self { limits: limits.clone(), foreign_text: false }
    }

    /// Resolves a data set at `depth` and all below.
    fn resolve(&mut self, data_set: &mut DataSet, depth: usize) -> Result<(), Refusal> {
        if depth > self.limits.max_depth {
            return Err(Refusal::NestedTooDeep { limit: self.limits.max_depth, offset: 0 });
        }
        let is_candidate = |element: &&InMemElement| matches!(element.vr(), VR::UN | VR::SQ);
        let candidates: Vec<Tag> = data_set.iter().filter(is_candidate).map(|e| e.header().tag).collect();
        for tag in candidates {
            let known = data_set.get(tag).map_or(Ok(None), |element| self.known(element))?;
            if let Some(element) = known {
                data_set.put(element);
            }
            let mut result = Ok(());
            data_set.update_value(tag, |value| {
                for item in value.items_mut().into_iter().flatten() {
                    if result.is_ok() {
                        result = self.resolve(item, depth + 1);
                    }
                }
            });
            result?;
        }
        Ok(())
    }

    /// The element with its true VR and value, when its UN value tells.
    fn known(&mut self, element: &InMemElement) -> Result<Option<InMemElement>, Refusal> {
        let (VR::UN, Some(value)) = (element.vr(), element.value().primitive()) else { return Ok(None) };
        let (tag, value) = (element.header().tag, value.to_bytes());
        let vr = implicit_vr(tag);
        let is_sequence = starts_with_item(&value) && (vr == VR::UN || vr == VR::SQ);
        let fits =
            vr != VR::UN && vr != VR::SQ && tag != PIXEL_DATA && value.len() % walk::word_bytes(vr) == 0;
        let read_as = match (is_sequence, fits) {
            (true, _) => STAND_IN,
            (_, true) => tag,
            _ => return Ok(None),
        };
        let Some(mut data_set) = self.reread(read_as, &value)? else { return Ok(None) };
        let element = data_set.take(read_as);
        Ok(element.map(|element| {
            let vr = element.vr();
            DataElement::new(tag, vr, element.into_value())
        }))
    }

    /// A data set of one element: `tag` with `value`, in implicit VR, or with an explicit sequence inside; `None` when
    /// the value is neither.
    fn reread(&mut self, tag: Tag, value: &[u8]) -> Result<Option<DataSet>, Refusal> {
        let value = value.strip_suffix(&[0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]).unwrap_or(value);
        let Some(length) = u32::try_from(value.len()).ok().filter(|length| *length != UNDEFINED) else {
            return Ok(None);
        };
        let header = |vr: &[u8]| {
            [&tag.0.to_le_bytes(), &tag.1.to_le_bytes(), vr, &length.to_le_bytes(), value].concat()
        };
        let implicit = self.parse(&header(b""), Encoding::ImplicitLittle)?;
        if implicit.is_some() || !starts_with_item(value) {
            return Ok(implicit);
        }
        self.parse(&header(b"SQ\0\0"), Encoding::ExplicitLittle)
    }

    /// `None` when the bytes are no such data set; an error when they are one that exceeds a limit.
    fn parse(&mut self, bytes: &[u8], encoding: Encoding) -> Result<Option<DataSet>, Refusal> {
        use Refusal::{NestedTooDeep, TooManyElements, TooManyValues};
        let walked = match walk(bytes, encoding, &self.limits) {
            Ok(walked) => walked,
            Err(refusal @ (NestedTooDeep { .. } | TooManyElements { .. } | TooManyValues { .. })) => {
                return Err(refusal);
            }
            Err(_) => return Ok(None),
        };
        self.limits.max_elements -= walked.elements;
        let bytes = bytes.get(..walked.end).unwrap_or(bytes);
        let parsed = parse_raw(bytes, encoding, &walked.unknown_spans).ok();
        Ok(parsed.map(|(data_set, foreign_text)| {
            self.foreign_text |= foreign_text;
            data_set
        }))
    }
}

fn starts_with_item(value: &[u8]) -> bool {
    value.starts_with(&[0xFE, 0xFF, 0x00, 0xE0])
}

#[cfg(test)]
mod tests {
    use dicom_dictionary_std::tags;

    use super::*;
    use crate::{access, read};

    fn element(group: u16, number: u16, vr: &[u8; 2], value: &[u8]) -> Vec<u8> {
        let mut bytes = [group.to_le_bytes(), number.to_le_bytes()].concat();
        bytes.extend_from_slice(vr);
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(&(value.len() as u32).to_le_bytes());
        bytes.extend_from_slice(value);
        bytes
    }

    fn implicit(group: u16, number: u16, value: &[u8]) -> Vec<u8> {
        let mut bytes = [group.to_le_bytes(), number.to_le_bytes()].concat();
        bytes.extend_from_slice(&(value.len() as u32).to_le_bytes());
        bytes.extend_from_slice(value);
        bytes
    }

    fn item(content: &[u8]) -> Vec<u8> {
        implicit(0xFFFE, 0xE000, content)
    }

    fn file(elements: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = b"\x08\0\x05\0CS\x10\0ISO 2022 IR 149 ".to_vec();
        bytes.extend(elements.concat());
        bytes
    }

    #[test]
    fn a_private_sequence_in_unknown_is_a_sequence() {
        let name = implicit(0x0010, 0x0010, b"\x1B$)C\xC8\xAB^ ");
        let inner = implicit(0x0029, 0x1010, &item(&name));
        for value in [item(&inner), [item(&inner), implicit(0xFFFE, 0xE0DD, b"")].concat()] {
            let bytes = file(&[element(0x0029, 0x1020, b"UN", &value)]);
            let read = read(&bytes, &Limits::default()).unwrap();
            let outer = read.data_set.get(Tag(0x0029, 0x1020)).unwrap().items().unwrap();
            let inner = outer[0].get(Tag(0x0029, 0x1010)).unwrap().items().unwrap();
            assert_eq!(access::text(&inner[0], tags::PATIENT_NAME).as_deref(), Some("홍^"));
        }
        assert_eq!(items_of_unknown(&item(&inner), &Limits::default()).unwrap().len(), 1);
        assert!(items_of_unknown(b"not a sequence", &Limits::default()).is_none());
    }

    #[test]
    fn an_attribute_of_the_dictionary_gets_its_vr() {
        let bytes = file(&[
            element(0x0010, 0x0010, b"UN", b"\xC8\xAB^\xB1\xE6\xB5\xBF "),
            element(0x0028, 0x0010, b"UN", &[0, 2]),
            element(0x0028, 0x0011, b"UN", &[0, 2, 1]),
        ]);
        let read = read(&bytes, &Limits::default()).unwrap().data_set;
        assert_eq!(access::text(&read, tags::PATIENT_NAME).as_deref(), Some("홍^길동"));
        assert_eq!(access::integer(&read, tags::ROWS), Some(512));
        assert_eq!(read.get(tags::COLUMNS).map(InMemElement::vr), Some(VR::UN), "3 bytes are no US");
    }

    #[test]
    fn unknown_in_unknown_is_bounded() {
        let mut value = item(b"");
        for depth in 1..40 {
            value = item(&implicit(0x0029, 0x1010, &value));
            let bytes = file(&[element(0x0029, 0x1010, b"UN", &value)]);
            let read = read(&bytes, &Limits::default());
            let code = read.as_ref().err().map(Refusal::code);
            assert_eq!(code, (depth >= 16).then_some("nested-too-deep"), "{depth}");
        }
    }
}
