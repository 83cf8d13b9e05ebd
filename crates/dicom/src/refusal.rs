//! Why a file is not taken.

/// What the caller can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The same call may succeed later.
    Retry,
    /// The input is at fault and will stay so.
    Reject,
    /// Somebody has to look: configuration, limits, disk.
    Operator,
}

/// Why bytes were not read as DICOM. No text of the file is ever part of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither a Part 10 file nor a recognisable bare data set.
    #[error("not a DICOM file: no DICM prefix and no recognisable data set")]
    NotDicom,
    /// Nothing follows the file meta information.
    #[error("the file holds no data set")]
    Empty,
    /// More bytes than [`crate::Limits::max_bytes`].
    #[error("the file has more than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Sequences nested deeper than [`crate::Limits::max_depth`].
    #[error("sequences are nested deeper than {limit} levels (offset {offset})")]
    NestedTooDeep {
        /// The limit in levels.
        limit: usize,
        /// Byte offset in the (inflated) data set.
        offset: usize,
    },
    /// More elements, items and fragments than [`crate::Limits::max_elements`].
    #[error("more than {limit} data elements")]
    TooManyElements {
        /// The limit.
        limit: usize,
    },
    /// More text values than [`crate::Limits::max_values`].
    #[error("more than {limit} text values")]
    TooManyValues {
        /// The limit.
        limit: usize,
    },
    /// A header or value goes on beyond the last byte.
    #[error("the data set ends inside an element (offset {offset})")]
    Truncated {
        /// Where the unfinished element starts.
        offset: usize,
    },
    /// A value goes on beyond the item or sequence that holds it.
    #[error("an element is longer than the item that holds it (offset {offset})")]
    BeyondParent {
        /// Where the element starts.
        offset: usize,
    },
    /// An item, delimiter or element where another was due.
    #[error("items and delimiters are out of place (offset {offset})")]
    Structure {
        /// Where.
        offset: usize,
    },
    /// The deflated stream is damaged.
    #[error("the deflated data set cannot be inflated")]
    Deflate,
    /// Inflated, the data set has more bytes than [`crate::Limits::max_inflated_bytes`].
    #[error("inflated, the data set has more than {limit} bytes")]
    InflatedTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Encapsulated pixel data without a transfer syntax that would name its coding.
    #[error("encapsulated pixel data without a transfer syntax")]
    NoTransferSyntax,
    /// Screened, but not accepted by the parser.
    #[error("the data set cannot be parsed")]
    Parser,
}

impl Refusal {
    /// Stable machine word for reports and tables.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotDicom => "not-dicom",
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too-large",
            Self::NestedTooDeep { .. } => "nested-too-deep",
            Self::TooManyElements { .. } => "too-many-elements",
            Self::TooManyValues { .. } => "too-many-values",
            Self::Truncated { .. } => "truncated",
            Self::BeyondParent { .. } => "beyond-parent",
            Self::Structure { .. } => "structure",
            Self::Deflate => "deflate",
            Self::InflatedTooLarge { .. } => "inflated-too-large",
            Self::NoTransferSyntax => "no-transfer-syntax",
            Self::Parser => "parser",
        }
    }

    /// A refused file stays refused, unless an operator raises a limit.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::TooLarge { .. } | Self::InflatedTooLarge { .. } => Remedy::Operator,
            _ => Remedy::Reject,
        }
    }
}
