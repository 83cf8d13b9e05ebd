//! The encoding that is signed: fields, each preceded by its length, as in manifests.

/// Collects fields. The first is a label that separates one use from every other.
pub(super) struct Fields(Vec<u8>);

impl Fields {
    pub(super) fn new(label: &str) -> Self {
        let mut fields = Self(Vec::with_capacity(512));
        fields.text(label);
        fields
    }

    /// A field of text in UTF-8.
    pub(super) fn text(&mut self, field: &str) -> &mut Self {
        self.0.extend_from_slice(&(field.len() as u32).to_be_bytes());
        self.0.extend_from_slice(field.as_bytes());
        self
    }

    /// A number as 64 bits big endian.
    pub(super) fn number(&mut self, field: u64) -> &mut Self {
        self.0.extend_from_slice(&8_u32.to_be_bytes());
        self.0.extend_from_slice(&field.to_be_bytes());
        self
    }

    /// A list: the number of its items, then each item's fields.
    pub(super) fn list<T>(&mut self, items: &[T], mut item: impl FnMut(&mut Self, &T)) -> &mut Self {
        self.number(items.len() as u64);
        items.iter().for_each(|one| item(self, one));
        self
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0
    }
}
