//! A data set under construction: text in the hospital's character set, VRs from the dictionary.

use sumgil_dicom::{
    DataSet,
    charset::{encode_korean, encode_korean_2022},
    dicom_core::{
        DataElement, PrimitiveValue, Tag, VR,
        dictionary::{DataDictionary, DataDictionaryEntry},
        value::DataSetSequence,
    },
    dictionary::{StandardDataDictionary, tags},
};

use crate::cohort::Charset;

/// Builds one data set or sequence item.
pub(crate) struct Header {
    set: DataSet,
    charset: Charset,
}

impl Header {
    /// A file's data set, its Specific Character Set declared as the hospital declares it.
    pub(crate) fn new(charset: Charset) -> Self {
        let mut header = Self::item(charset);
        match charset {
            Charset::Iso2022Kr => header.text(tags::SPECIFIC_CHARACTER_SET, "\\ISO 2022 IR 149"),
            Charset::Utf8 => header.text(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192"),
            Charset::EucKrUndeclared => &mut header,
        };
        header
    }

    /// A sequence item.
    pub(crate) fn item(charset: Charset) -> Self {
        Self { set: DataSet::new_empty(), charset }
    }

    /// An empty item in the same character set.
    pub(crate) fn sub_item(&self) -> Self {
        Self::item(self.charset)
    }

    /// The hospital's character set.
    pub(crate) fn charset(&self) -> Charset {
        self.charset
    }

    /// Text of a standard attribute.
    pub(crate) fn text(&mut self, tag: Tag, text: &str) -> &mut Self {
        self.text_as(tag, dictionary_vr(tag), text)
    }

    /// Text under a given VR, for private elements.
    pub(crate) fn text_as(&mut self, tag: Tag, vr: VR, text: &str) -> &mut Self {
        let value = match self.charset {
            _ if text.is_empty() => PrimitiveValue::Empty,
            Charset::Iso2022Kr if !text.is_ascii() => raw(encode_korean_2022(text), text),
            Charset::EucKrUndeclared if !text.is_ascii() => raw(encode_korean(text), text),
            _ => PrimitiveValue::from(text),
        };
        self.set.put(DataElement::new(tag, vr, value));
        self
    }

    /// Formats a number as text.
    pub(crate) fn decimal(&mut self, tag: Tag, number: f64, decimals: usize) -> &mut Self {
        let text = format!("{number:.decimals$}");
        self.text(tag, &text)
    }

    /// A 16-bit number.
    pub(crate) fn short(&mut self, tag: Tag, number: u16) -> &mut Self {
        self.set.put(DataElement::new(tag, VR::US, PrimitiveValue::from(number)));
        self
    }

    /// Any value.
    pub(crate) fn value(&mut self, tag: Tag, vr: VR, value: PrimitiveValue) -> &mut Self {
        self.set.put(DataElement::new(tag, vr, value));
        self
    }

    /// A sequence.
    pub(crate) fn sequence(&mut self, tag: Tag, items: Vec<Header>) -> &mut Self {
        let items: Vec<DataSet> = items.into_iter().map(|item| item.set).collect();
        self.set.put(DataElement::new(tag, VR::SQ, DataSetSequence::from(items)));
        self
    }

    /// A sequence of one coded concept.
    pub(crate) fn code(&mut self, tag: Tag, code: (&str, &str, &str)) -> &mut Self {
        let mut item = self.sub_item();
        item.text(tags::CODE_VALUE, code.0)
            .text(tags::CODING_SCHEME_DESIGNATOR, code.1)
            .text(tags::CODE_MEANING, code.2);
        self.sequence(tag, vec![item])
    }

    /// Reserves block `10` of `group` for `creator` and returns the tag of its element `element`.
    pub(crate) fn private(&mut self, group: u16, creator: &str, element: u8) -> Tag {
        self.text_as(Tag(group, 0x0010), VR::LO, creator);
        Tag(group, 0x1000 | u16::from(element))
    }

    /// Puts an element whose value is no primitive one.
    pub(crate) fn element(&mut self, element: DataElement<DataSet, Vec<u8>>) -> &mut Self {
        self.set.put(element);
        self
    }

    /// The finished data set.
    pub(crate) fn finish(self) -> DataSet {
        self.set
    }
}

fn raw(encoded: Option<Vec<u8>>, text: &str) -> PrimitiveValue {
    let Some(mut bytes) = encoded else { return PrimitiveValue::from(text) };
    if !bytes.len().is_multiple_of(2) {
        bytes.push(b' ');
    }
    PrimitiveValue::U8(bytes.into())
}

fn dictionary_vr(tag: Tag) -> VR {
    StandardDataDictionary.by_tag(tag).map_or(VR::UN, |entry| entry.vr().relaxed())
}
