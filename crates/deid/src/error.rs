//! What can go wrong outside of a file: keys and stored identifiers.

use thiserror::Error;

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Try again later.
    Retry,
    /// The input is at fault; trying again does not help.
    Reject,
    /// A person has to look at the configuration or at the key.
    Operator,
}

/// An error of this crate. Texts carry no patient data.
#[derive(Debug, Error)]
pub enum Error {
    /// The key text is not 64 hexadecimal digits.
    #[error("the pseudonym key must be 64 hexadecimal digits (32 bytes)")]
    Key,
    /// A profile's file cannot be used.
    #[error("the profile cannot be used: {0}")]
    Profile(String),
    /// The linkage secret is not 64 hexadecimal digits.
    #[error("the linkage secret must be 64 hexadecimal digits (32 bytes)")]
    LinkageSecret,
    /// Stored identifiers do not read back.
    #[error("stored identifiers are damaged or were written by a newer version")]
    StoredIdentifiers,
    /// A clinical row carries something that must not leave: the variable is named, the value is not.
    #[error("variable {variable}: {reason}")]
    Clinical {
        /// Name of the variable (a word of the codebook).
        variable: String,
        /// Why it is refused.
        reason: &'static str,
    },
}

impl Error {
    /// What to do about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Key | Self::LinkageSecret | Self::Profile(_) | Self::StoredIdentifiers => Remedy::Operator,
            Self::Clinical { .. } => Remedy::Reject,
        }
    }
}
