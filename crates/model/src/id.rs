//! Identifiers of Sumgil's own making. One macro, one list: a prefix tells the kinds apart in every log.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is not an identifier of the wanted kind. The text is not repeated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}: expected {expected}")]
pub struct IdError {
    /// What was wanted.
    pub kind: &'static str,
    /// Its form, in words.
    pub expected: &'static str,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $expected:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Validates `text`.
            ///
            /// # Errors
            /// [`IdError`] with the expected form.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(IdError { kind: $kind, expected: $expected })
                }
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
    };
}

text_id!(
    /// A contributing hospital: its short code, chosen at enrolment.
    SiteId, "site code", "2 to 24 of a-z, 0-9 and '-', starting with a letter", is_code
);
text_id!(
    /// A research project that the registry serves: codebook, eligibility, profile and sites.
    ProtocolId, "protocol code", "2 to 24 of a-z, 0-9 and '-', starting with a letter", is_code
);
text_id!(
    /// A subject: the keyed pseudonym of one patient at one site. `sub-` and 80 bits in lower-case hex.
    SubjectId, "subject id", "'sub-' and 20 hex digits", |t| is_prefixed_hex(t, "sub-", 20)
);
text_id!(
    /// The SHA-256 of a sealed object's bytes, which is its name in every store: 64 lower-case hex digits.
    ObjectDigest, "object digest", "64 hex digits", |t| is_prefixed_hex(t, "", 64)
);
text_id!(
    /// A keyed token of a national number, the same at every site that holds the same linkage secret: 128 bits in
    /// lower-case hex. Who does not hold the secret learns nothing from it but equality.
    LinkageToken, "linkage token", "32 hex digits", |t| is_prefixed_hex(t, "", 32)
);

impl LinkageToken {
    /// The token made of 128 keyed bits.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(hex::encode(bytes))
    }
}

impl SubjectId {
    /// The subject id made of 80 pseudonymous bits.
    pub fn from_bytes(bytes: [u8; 10]) -> Self {
        Self(format!("sub-{}", hex::encode(bytes)))
    }
}

impl ObjectDigest {
    /// The digest as an identifier.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(hex::encode(bytes))
    }
}

fn is_code(text: &str) -> bool {
    (2..=24).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_prefixed_hex(text: &str, prefix: &str, digits: usize) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| {
        rest.len() == digits && rest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_short_lower_case_and_safe_in_a_path() {
        assert!(SiteId::parse("hanbit-2").is_ok());
        for bad in ["", "a", "Hanbit", "../x", "9a", "a b", &"a".repeat(25)] {
            assert!(SiteId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn subject_ids_round_trip() {
        let id = SubjectId::from_bytes([0xab; 10]);
        assert_eq!(SubjectId::parse(id.as_str()).unwrap(), id);
        assert!(SubjectId::parse("sub-ABABABABABABABABABAB").is_err());
    }
}
