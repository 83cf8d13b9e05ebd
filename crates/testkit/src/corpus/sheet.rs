//! A data set under construction, and beside it the key: what has to happen to each value.

use sumgil_dicom::{
    DataSet,
    dicom_core::{
        DataElement, PrimitiveValue, Tag, VR,
        dictionary::{DataDictionary, DataDictionaryEntry},
        value::{DataSetSequence, Value},
    },
    dictionary::{StandardDataDictionary, tags},
};

use super::{
    key::{Action, Item},
    script::Script,
    speaker::Saying,
};

/// A file's data set or a sequence item, with its lines of the key.
pub(super) struct Sheet {
    set: DataSet,
    script: Script,
    items: Vec<Item>,
}

impl Sheet {
    /// A file that declares `script`.
    pub(super) fn new(script: Script) -> Self {
        let mut sheet = Self { set: DataSet::new_empty(), script, items: Vec::new() };
        if let Some(declared) = script.declared() {
            sheet.put(tags::SPECIFIC_CHARACTER_SET, VR::CS, declared);
        }
        sheet
    }

    /// An item in the same character set.
    pub(super) fn item(&self) -> Self {
        Self { set: DataSet::new_empty(), script: self.script, items: Vec::new() }
    }

    /// Whether the attribute is there already.
    pub(super) fn has(&self, tag: Tag) -> bool {
        self.set.get(tag).is_some()
    }

    /// Text that the key does not name.
    pub(super) fn put(&mut self, tag: Tag, vr: VR, text: &str) -> &mut Self {
        let value = match self.script.encode(text).filter(|_| !text.is_ascii()) {
            Some(mut bytes) => {
                bytes.resize(bytes.len().next_multiple_of(2), b' ');
                PrimitiveValue::U8(bytes.into())
            }
            None if text.is_empty() => PrimitiveValue::Empty,
            None => PrimitiveValue::from(text),
        };
        self.set.put(DataElement::new(tag, vr, value));
        self
    }

    /// Text under the dictionary's VR that the key does not name.
    pub(super) fn text(&mut self, tag: Tag, text: &str) -> &mut Self {
        self.put(tag, dictionary_vr(tag), text)
    }

    /// A 16-bit number.
    pub(super) fn short(&mut self, tag: Tag, number: usize) -> &mut Self {
        self.set.put(DataElement::new(tag, VR::US, PrimitiveValue::from(number as u16)));
        self
    }

    /// Any value that the key does not name.
    pub(super) fn value(&mut self, tag: Tag, vr: VR, value: impl Into<Value<DataSet, Vec<u8>>>) -> &mut Self {
        self.set.put(DataElement::new(tag, vr, value));
        self
    }

    /// Text that has to stay.
    pub(super) fn keep(&mut self, tag: Tag, text: &str) -> &mut Self {
        self.note(tag, "keep", text, Action::TagRetained).text(tag, text)
    }

    /// Text that has to go: the whole value is one identifier.
    pub(super) fn remove(&mut self, tag: Tag, kind: &str, text: &str) -> &mut Self {
        self.note(tag, kind, text, Action::TextRemoved).text(tag, text)
    }

    /// A date, or a date with a time, that has to move.
    pub(super) fn shift(&mut self, tag: Tag, text: &str) -> &mut Self {
        let day: String = text.chars().take(8).collect();
        self.note(tag, "date", &day, Action::DateShifted).text(tag, text)
    }

    /// A UID that has to change.
    pub(super) fn uid(&mut self, tag: Tag, uid: &str) -> &mut Self {
        self.note(tag, "uid", uid, Action::UidChanged).text(tag, uid)
    }

    /// Free text: what it gives away has to go, what it keeps has to stay.
    pub(super) fn clean(&mut self, tag: Tag, saying: &Saying) -> &mut Self {
        for phrase in &saying.keeps {
            self.note(tag, "keep", phrase, Action::TextRetained);
        }
        self.lose(tag, saying)
    }

    /// Free text of which nothing has to stay.
    pub(super) fn lose(&mut self, tag: Tag, saying: &Saying) -> &mut Self {
        for (kind, value) in &saying.plants {
            self.note(tag, kind, value, Action::TextRemoved);
        }
        self.text(tag, &saying.text)
    }

    /// A sequence; the lines of its items get the path.
    pub(super) fn sequence(&mut self, tag: Tag, sheets: Vec<Self>) -> &mut Self {
        let mut sets = Vec::new();
        for (number, sheet) in sheets.into_iter().enumerate() {
            let path =
                |item: Item| Item { location: format!("{}[{number}]/{}", hex(tag), item.location), ..item };
            self.items.extend(sheet.items.into_iter().map(path));
            sets.push(sheet.set);
        }
        self.set.put(DataElement::new(tag, VR::SQ, DataSetSequence::from(sets)));
        self
    }

    /// A sequence of one coded concept.
    pub(super) fn code(&mut self, tag: Tag, code: (&str, &str, &str)) -> &mut Self {
        let mut item = self.item();
        item.text(tags::CODE_VALUE, code.0)
            .text(tags::CODING_SCHEME_DESIGNATOR, code.1)
            .text(tags::CODE_MEANING, code.2);
        self.sequence(tag, vec![item])
    }

    /// A line of the key for an attribute.
    pub(super) fn note(&mut self, tag: Tag, kind: &str, value: &str, action: Action) -> &mut Self {
        self.line(Item::new(hex(tag), kind, value, action))
    }

    /// A line of the key.
    pub(super) fn line(&mut self, item: Item) -> &mut Self {
        if !self.items.contains(&item) {
            self.items.push(item);
        }
        self
    }

    /// Bytes of `text` in the file's character set, of even length.
    pub(super) fn bytes_of(&self, text: &str) -> Vec<u8> {
        let mut bytes = self.script.encode(text).unwrap_or_else(|| text.as_bytes().to_vec());
        bytes.resize(bytes.len().next_multiple_of(2), b' ');
        bytes
    }

    /// The data set without its lines of the key, for values that hide whole items.
    pub(super) fn into_set(self) -> DataSet {
        self.set
    }

    /// The finished data set and its lines of the key.
    pub(super) fn finish(self) -> (DataSet, Vec<Item>) {
        (self.set, self.items)
    }
}

/// Eight hexadecimal digits.
pub(super) fn hex(tag: Tag) -> String {
    format!("{:04x}{:04x}", tag.0, tag.1)
}

/// The VR of a standard attribute; the likelier one where there is a choice.
pub(super) fn dictionary_vr(tag: Tag) -> VR {
    StandardDataDictionary.by_tag(tag).map_or(VR::UN, |entry| entry.vr().relaxed())
}
