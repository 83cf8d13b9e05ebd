//! Two wrappers: what may still name a patient, and what no longer does.

/// Something that may name a patient. It can be neither printed nor serialised.
pub struct Identified<T>(T);

impl<T> Identified<T> {
    /// Marks `value` as identified.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    pub(crate) fn into_inner(self) -> T {
        self.0
    }
}

/// Something that went through this crate's profile and last gate. Only this crate can make one.
#[derive(Clone, Debug, PartialEq)]
pub struct Deidentified<T>(T);

impl<T> Deidentified<T> {
    pub(crate) fn vouched(value: T) -> Self {
        Self(value)
    }

    /// The value.
    pub fn get(&self) -> &T {
        &self.0
    }

    /// The value, by itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}
