//! What can go wrong in custody, and what to do about it.

/// What the caller should do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Try again later; nothing is wrong with the thing itself.
    Retry,
    /// The thing itself is bad: refuse it, and do not try again.
    Reject,
    /// A person has to look: a key, a disk or a configuration is wrong.
    Operator,
}

/// An error of custody. No text holds a secret, an identity or the content of an object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustodyError {
    /// The bytes do not start as a sealed object does, or are too short for one.
    #[error("not a sealed object: {0}")]
    NotSealed(&'static str),
    /// A format or algorithm number that this version does not know.
    #[error("sealed object of unknown format {format}, algorithm {algorithm}")]
    UnknownFormat {
        /// The format number found.
        format: u8,
        /// The algorithm number found.
        algorithm: u8,
    },
    /// The key is not the one that sealed these bytes, or the context differs, or the header was altered.
    #[error("wrong key or context, or altered header")]
    WrongKeyOrContext,
    /// The content was altered, truncated or re-ordered.
    #[error("altered or truncated content")]
    Altered,
    /// A range outside the object.
    #[error("range outside the object of {size_bytes} bytes")]
    Range {
        /// The size of the plain object, in bytes.
        size_bytes: u64,
    },
    /// A wrapped key does not open at this place: wrong key, wrong row, or altered.
    #[error("wrapped key does not open: wrong key, wrong row, or altered")]
    Unwrap,
    /// A signature does not fit.
    #[error("signature does not fit")]
    Signature,
    /// A text form is not what was wanted.
    #[error("not a valid {0}")]
    Text(&'static str),
    /// A wrong passphrase, or an altered backup.
    #[error("wrong passphrase, or an altered backup")]
    Passphrase,
    /// An audit log that is not an unbroken chain.
    #[error("audit log broken at line {line}: {what}")]
    AuditBroken {
        /// The sequence number of the line, counted from 0.
        line: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A Merkle proof that does not hold.
    #[error("proof does not hold")]
    Proof,
    /// The cryptographic library refused: nothing was produced.
    #[error("the cryptographic library refused")]
    Library,
}

impl CustodyError {
    /// What to do about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::NotSealed(_)
            | Self::UnknownFormat { .. }
            | Self::WrongKeyOrContext
            | Self::Altered
            | Self::Range { .. }
            | Self::Signature
            | Self::Text(_)
            | Self::Passphrase
            | Self::Proof => Remedy::Reject,
            Self::Unwrap | Self::AuditBroken { .. } | Self::Library => Remedy::Operator,
        }
    }
}
