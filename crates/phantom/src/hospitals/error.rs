//! What can go wrong while hospitals are written.

use sumgil_dicom::WriteError;

/// Why a phantom was not written.
#[derive(Debug, thiserror::Error)]
pub enum PhantomError {
    /// The disk said no.
    #[error("cannot write the synthetic hospitals: {0}")]
    Io(#[from] std::io::Error),
    /// A table could not be formed.
    #[error("cannot form a clinical table: {0}")]
    Table(#[from] csv::Error),
    /// A line of the truth file could not be formed.
    #[error("cannot form a truth line: {0}")]
    Truth(#[from] serde_json::Error),
    /// A generated data set could not be encoded: a mistake in the generator.
    #[error("cannot encode a generated data set: {0}")]
    Dicom(#[from] WriteError),
    /// The text of a table has characters that its encoding lacks.
    #[error("cannot encode a clinical table as CP949")]
    Encoding,
}

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Try again.
    Retry,
    /// The request cannot succeed.
    Reject,
    /// Somebody has to look: disk full, no permission.
    Operator,
}

impl PhantomError {
    /// What to do about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Io(_) => Remedy::Operator,
            _ => Remedy::Reject,
        }
    }
}
