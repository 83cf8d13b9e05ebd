//! What can go wrong between two application entities.

use dicom_ul::pdu::{AssociationRJ, AssociationRJResult};

/// Why an exchange over the DICOM network ended. Carries no bytes of any data set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetError {
    /// The operating system's word about the connection.
    #[error("the connection failed: {0}")]
    Io(#[from] std::io::Error),
    /// A deadline passed in which the peer had to send or take something.
    #[error("the peer was silent for too long")]
    TimedOut,
    /// The peer closed before its message was complete.
    #[error("the peer closed the connection inside a message")]
    ClosedInMidMessage,
    /// A PDU is longer than announced or allowed, in bytes; nothing of it was read.
    #[error("a PDU of {length} bytes was announced, the limit is {limit}")]
    PduTooLong {
        /// The length that the peer declared.
        length: u32,
        /// The most that is read.
        limit: u32,
    },
    /// Something breaks PS3.7 or PS3.8; the word says what.
    #[error("malformed {0}")]
    Malformed(&'static str),
    /// A PDU or message that has no place in the present state (PS3.8 table 9-10).
    #[error("unexpected {0}")]
    Unexpected(&'static str),
    /// The peer aborted the association.
    #[error("the peer aborted the association")]
    Aborted,
    /// The peer rejected the association.
    #[error("the association was rejected: {reason}")]
    Rejected {
        /// The peer's reason, in the standard's words.
        reason: String,
        /// False when the peer says that a later attempt may succeed.
        permanent: bool,
    },
    /// The peer accepted no presentation context that the exchange needs.
    #[error("the peer does not accept {0}")]
    NotAccepted(&'static str),
    /// The peer answered a request with a failure status (PS3.7 annex C).
    #[error("the peer answered with status {0:04X}H")]
    Failed(u16),
    /// A key that the peer would read as a pattern or a list, or that is too long.
    #[error("{0} is empty, too long, or has characters that match more than one value")]
    Key(&'static str),
    /// The peer sends more matches than are taken.
    #[error("more than {0} matches")]
    TooManyMatches(usize),
    /// A file that cannot be sent as it is.
    #[error("not a DICOM file with file meta information")]
    NotPart10,
}

/// What the caller should do about a [`NetError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetRemedy {
    /// Try again later; nothing is wrong with what is sent.
    Retry,
    /// The thing itself is refused; another attempt will end the same way.
    Reject,
    /// A person must change a setting here or at the peer.
    Operator,
}

impl NetError {
    /// What the caller should do.
    pub fn remedy(&self) -> NetRemedy {
        match self {
            Self::Io(_) | Self::TimedOut | Self::ClosedInMidMessage | Self::Aborted => NetRemedy::Retry,
            Self::Rejected { permanent: false, .. } => NetRemedy::Retry,
            // A7xx: out of resources; every other failure concerns the request itself.
            Self::Failed(status) if status & 0xFF00 == 0xA700 => NetRemedy::Retry,
            Self::Rejected { permanent: true, .. } | Self::NotAccepted(_) => NetRemedy::Operator,
            Self::PduTooLong { .. } | Self::Malformed(_) | Self::Unexpected(_) => NetRemedy::Operator,
            Self::Failed(_) | Self::Key(_) | Self::TooManyMatches(_) | Self::NotPart10 => NetRemedy::Reject,
        }
    }

    pub(crate) fn rejected(rejection: &AssociationRJ) -> Self {
        Self::Rejected {
            reason: rejection.source.to_string(),
            permanent: rejection.result == AssociationRJResult::Permanent,
        }
    }
}

impl From<tokio::time::error::Elapsed> for NetError {
    fn from(_: tokio::time::error::Elapsed) -> Self {
        Self::TimedOut
    }
}
