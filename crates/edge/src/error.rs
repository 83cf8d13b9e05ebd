//! What can go wrong at the edge, without a word about any patient.

use std::path::PathBuf;

/// What the caller should do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The same again later may work.
    Retry,
    /// The same again will never work.
    Reject,
    /// A person has to look.
    Operator,
}

/// An error of the edge. Texts name files of the data directory, never their content.
#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    /// The data directory has not been set up.
    #[error("{0} is not set up: run 'sumgil-edge --dir {0} init --registry URL --token T' first")]
    NotSetUp(PathBuf),
    /// The data directory has been set up already.
    #[error("{0} is already set up; a second enrolment would make a second set of keys")]
    AlreadySetUp(PathBuf),
    /// Another process works on this data directory.
    #[error("another sumgil-edge is working on this data directory")]
    Busy,
    /// The configuration cannot be used.
    #[error("{file}: {reason}")]
    Config {
        /// Which file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A secret file is missing, unreadable or malformed.
    #[error("secret {0} is missing or malformed")]
    Secret(&'static str),
    /// The disk is fuller than the configuration allows.
    #[error("the disk is below its watermark; nothing more is taken in until room is made")]
    DiskFull,
    /// What arrived is no DICOM that can be kept.
    #[error("refused: {0}")]
    Refused(&'static str),
    /// Something stored locally does not open: damaged, or made under another key.
    #[error("stored data cannot be opened: {0}")]
    Damaged(&'static str),
    /// The registry could not be reached.
    #[error("the registry cannot be reached: {0}")]
    Unreachable(String),
    /// The registry is not the one that this edge was enrolled at.
    #[error("the registry's certificate is not under the authority that the token or the pin names")]
    WrongRegistry,
    /// The registry answered with an error.
    #[error("the registry answered {status}: {detail}")]
    Registry {
        /// HTTP status.
        status: u16,
        /// Its problem text; the centre holds no identities.
        detail: String,
    },
    /// A message of the registry does not parse or verify.
    #[error("the registry's answer is not valid: {0}")]
    Protocol(&'static str),
    /// A file operation failed.
    #[error("cannot {what}: {cause}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// The system's reason.
        cause: std::io::Error,
    },
    /// The edge's database failed.
    #[error("edge.db: {0}")]
    Database(#[from] sqlx::Error),
    /// The edge's database was written by a newer version.
    #[error("edge.db has schema {found}, this program knows {known}: use the newer program")]
    NewerSchema {
        /// In the file.
        found: i64,
        /// In this program.
        known: i64,
    },
    /// A part of the program stopped.
    #[error("{0} has stopped")]
    Stopped(&'static str),
}

impl EdgeError {
    /// What the caller should do.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Unreachable(_) | Self::DiskFull | Self::Busy | Self::Stopped(_) => Remedy::Retry,
            Self::Registry { status, .. } if *status >= 500 || *status == 429 => Remedy::Retry,
            Self::Refused(_) | Self::Registry { .. } => Remedy::Reject,
            _ => Remedy::Operator,
        }
    }
}

/// Names what was tried in an I/O error.
pub(crate) trait Tried<T> {
    /// Adds `what` was tried.
    fn tried(self, what: &'static str) -> Result<T, EdgeError>;
}

impl<T> Tried<T> for std::io::Result<T> {
    fn tried(self, what: &'static str) -> Result<T, EdgeError> {
        self.map_err(|cause| EdgeError::Io { what, cause })
    }
}
