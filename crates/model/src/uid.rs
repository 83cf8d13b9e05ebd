//! DICOM unique identifiers, typed by what they name (PS3.5 section 9).

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a [`Uid`] names. Implemented by empty marker types only.
pub trait UidKind: Send + Sync + 'static {
    /// The field's word for it, as it appears in errors.
    const NAME: &'static str;
}

macro_rules! uid_kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $kind;
        impl UidKind for $kind {
            const NAME: &'static str = $name;
        }
    )+};
}

uid_kinds! {
    /// Any UID, where its kind is not known or does not matter.
    Any = "UID";
    /// Study Instance UID (0020,000D).
    Study = "study instance UID";
    /// Series Instance UID (0020,000E).
    Series = "series instance UID";
    /// SOP Instance UID (0008,0018).
    Instance = "SOP instance UID";
    /// SOP Class UID (0008,0016).
    SopClass = "SOP class UID";
    /// Transfer Syntax UID (0002,0010).
    TransferSyntax = "transfer syntax UID";
    /// Frame of Reference UID (0020,0052).
    FrameOfReference = "frame of reference UID";
}

/// A validated DICOM UID of kind `K`: at most 64 characters, numeric components without leading zeros.
///
/// A UID is never part of a file path: names of stored objects are digests.
pub struct Uid<K: UidKind> {
    text: String,
    kind: PhantomData<fn() -> K>,
}

/// Why a text is not a UID. The text itself is not repeated: an invalid UID may carry anything.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UidError {
    /// Nothing was left after padding was stripped.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// More than the 64 characters that PS3.5 allows.
    #[error("{0} has {1} characters, the standard allows 64")]
    TooLong(&'static str, usize),
    /// A character that is no digit and no dot, an empty component, or a leading zero.
    #[error("{0} is not made of numeric components (PS3.5 9.1)")]
    Malformed(&'static str),
}

impl<K: UidKind> Uid<K> {
    /// Validates `text` strictly; trailing NUL and space padding is stripped first.
    ///
    /// # Errors
    /// [`UidError`] when the text breaks PS3.5 section 9.1.
    pub fn parse(text: &str) -> Result<Self, UidError> {
        let text = text.trim_matches(['\0', ' ']);
        match text.len() {
            0 => return Err(UidError::Empty(K::NAME)),
            n if n > 64 => return Err(UidError::TooLong(K::NAME, n)),
            _ => {}
        }
        if text.split('.').all(is_component) {
            Ok(Self { text: text.to_owned(), kind: PhantomData })
        } else {
            Err(UidError::Malformed(K::NAME))
        }
    }

    /// A UID under `2.25.` (PS3.5 B.2): `number` as a decimal integer.
    pub fn from_u128(number: u128) -> Self {
        Self { text: format!("2.25.{number}"), kind: PhantomData }
    }

    /// The UID as text, without padding.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same UID with another kind; for places where one attribute refers to several kinds.
    pub fn cast<L: UidKind>(&self) -> Uid<L> {
        Uid { text: self.text.clone(), kind: PhantomData }
    }
}

fn is_component(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.starts_with('0'))
}

impl<K: UidKind> FromStr for Uid<K> {
    type Err = UidError;
    fn from_str(text: &str) -> Result<Self, UidError> {
        Self::parse(text)
    }
}

impl<K: UidKind> Clone for Uid<K> {
    fn clone(&self) -> Self {
        self.cast()
    }
}
impl<K: UidKind> PartialEq for Uid<K> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl<K: UidKind> Eq for Uid<K> {}
impl<K: UidKind> PartialOrd for Uid<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K: UidKind> Ord for Uid<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}
impl<K: UidKind> std::hash::Hash for Uid<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
impl<K: UidKind> fmt::Display for Uid<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl<K: UidKind> fmt::Debug for Uid<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uid({})", self.text)
    }
}
impl<K: UidKind> Serialize for Uid<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}
impl<'de, K: UidKind> Deserialize<'de> for Uid<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn padding_is_stripped_and_paths_are_refused() {
        assert_eq!(Uid::<Study>::parse("1.2.840\0").unwrap().as_str(), "1.2.840");
        for bad in ["", "../1.2", "1..2", "1.02", "1.2/3", "1.2.x", &"1".repeat(65)] {
            assert!(Uid::<Study>::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_number_makes_a_valid_uid(number: u128) {
            let uid = Uid::<Instance>::from_u128(number);
            prop_assert_eq!(Uid::<Instance>::parse(uid.as_str()).unwrap(), uid);
        }

        #[test]
        fn what_parses_is_digits_and_dots(text in ".{0,80}") {
            if let Ok(uid) = Uid::<Any>::parse(&text) {
                prop_assert!(uid.as_str().len() <= 64);
                prop_assert!(uid.as_str().bytes().all(|b| b.is_ascii_digit() || b == b'.'));
            }
        }
    }
}
