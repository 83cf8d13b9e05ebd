//! What can go wrong at the centre. No text here repeats anything that a site sent.

use std::io;

use sumgil_custody::CustodyError;
pub use sumgil_custody::Remedy;

use crate::store::{self, StoreError};

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
    /// The place of the sealed objects.
    #[error("object store: {0}")]
    Objects(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key, a seal or a signature.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// A key that is absent or unreadable.
    #[error("{0} is absent or unreadable")]
    Key(&'static str),
    /// A subject's key that was destroyed when the subject withdrew.
    #[error("the subject has withdrawn; its key is destroyed")]
    Destroyed,
    /// An object that its site recalled while it was being read.
    #[error("the object has been recalled by its site")]
    Recalled,
    /// An object that was read when it came and is not readable now.
    #[error("an object that was readable when it came is not readable now")]
    Unreadable,
    /// A task of the server that did not end.
    #[error("a task was stopped")]
    Stopped,
    /// An option that would open a hole.
    #[error("{0}")]
    Unsafe(&'static str),
}

impl Error {
    /// What to do about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Objects(_) | Self::Stopped => Remedy::Retry,
            Self::Destroyed | Self::Recalled => Remedy::Reject,
            Self::Store(error) => match error.remedy() {
                store::Remedy::Retry => Remedy::Retry,
                store::Remedy::Reject => Remedy::Reject,
                store::Remedy::Operator => Remedy::Operator,
            },
            Self::Custody(error) => error.remedy(),
            Self::Unreadable
            | Self::Key(_)
            | Self::File { .. }
            | Self::Config(_)
            | Self::Tls(_)
            | Self::Unsafe(_) => Remedy::Operator,
        }
    }
}

impl Error {
    /// An error of the object store.
    pub(crate) fn objects(error: impl std::fmt::Display) -> Self {
        Self::Objects(error.to_string())
    }
}

/// A certificate error in words.
pub(crate) fn tls(error: impl std::fmt::Display) -> Error {
    Error::Tls(error.to_string())
}
