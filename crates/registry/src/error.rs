//! What can go wrong at the centre. No text here repeats anything that a site sent.

use std::io;

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The same again may succeed.
    Retry,
    /// The same again will fail; the request is at fault.
    Reject,
    /// Somebody has to look at this machine.
    Operator,
}

/// An error of the registry.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of the data directory.
    #[error("{what}: {source}")]
    File {
        /// Which file, in words.
        what: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The configuration.
    #[error("configuration: {0}")]
    Config(String),
    /// A certificate or its key.
    #[error("tls: {0}")]
    Tls(String),
    /// An option that would open a hole.
    #[error("{0}")]
    Unsafe(&'static str),
}

impl Error {
    /// What to do about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::File { .. } | Self::Config(_) | Self::Tls(_) | Self::Unsafe(_) => Remedy::Operator,
        }
    }
}

/// A certificate error in words.
pub(crate) fn tls(error: impl std::fmt::Display) -> Error {
    Error::Tls(error.to_string())
}
