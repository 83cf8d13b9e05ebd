//! The one encoding of everything that is signed, authenticated or derived from: a list of fields, each
//! preceded by its length, so that no two lists of fields make the same bytes.

/// Builds the encoding: per field, its length in bytes as 32 bits big endian, then the field. The first field
/// is a label that separates one use from every other.
pub(crate) struct Canonical(Vec<u8>);

impl Canonical {
    /// Starts with the label of the use.
    pub(crate) fn new(label: &str) -> Self {
        Self(Vec::with_capacity(192)).text(label)
    }

    /// A field of bytes.
    pub(crate) fn bytes(mut self, field: &[u8]) -> Self {
        self.0.extend_from_slice(&(field.len() as u32).to_be_bytes());
        self.0.extend_from_slice(field);
        self
    }

    /// A field of text in UTF-8.
    pub(crate) fn text(self, field: &str) -> Self {
        self.bytes(field.as_bytes())
    }

    /// A number as 64 bits big endian.
    pub(crate) fn number(self, field: u64) -> Self {
        self.bytes(&field.to_be_bytes())
    }

    /// The encoding.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_cannot_run_into_each_other() {
        let one = Canonical::new("l").text("ab").text("c").finish();
        let two = Canonical::new("l").text("a").text("bc").finish();
        assert_ne!(one, two);
        assert_eq!(one, b"\0\0\0\x01l\0\0\0\x02ab\0\0\0\x01c");
    }
}
