//! What can go wrong in the protocol's own parts.

use sumgil_custody::CustodyError;

pub use sumgil_custody::Remedy;

/// An error of the protocol. No text holds a secret or an identity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    /// A line that is no enrolment token, or was altered in copying.
    #[error("not an enrolment token, or altered in copying: copy the whole line that begins with 'sumgil1.'")]
    Token,
    /// An answer that does not follow the protocol.
    #[error("answer does not follow the protocol: {0}")]
    Answer(&'static str),
    /// A manifest whose signature or texts are not in order.
    #[error("manifest not in order: {0}")]
    Manifest(&'static str),
    /// A statement whose signature, numbers or texts are not in order.
    #[error("statement not in order: {0}")]
    Statement(&'static str),
    /// Keys and signatures.
    #[error(transparent)]
    Custody(#[from] CustodyError),
}

impl TransferError {
    /// What to do about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Token => Remedy::Operator,
            Self::Answer(_) => Remedy::Retry,
            Self::Manifest(_) | Self::Statement(_) => Remedy::Reject,
            Self::Custody(error) => error.remedy(),
        }
    }
}
