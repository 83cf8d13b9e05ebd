//! Why a query is no query.

/// What is wrong with a query string. Names parameters, never values: a value may be a patient's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// Longer than is read, or with more parameters.
    #[error("the query is too long")]
    TooLong,
    /// Percent-encoding that is broken or not UTF-8.
    #[error("the query is not percent-encoded UTF-8")]
    Encoding,
    /// Neither a query parameter nor a keyword or tag of the data dictionary.
    #[error("{0} is no attribute: use a keyword of the data dictionary or eight hexadecimal digits")]
    UnknownAttribute(String),
    /// A sequence by itself; its attributes are named after a dot.
    #[error(
        "{0} is a sequence: name an attribute in it, as in RequestAttributesSequence.ScheduledProcedureStepID"
    )]
    Sequence(String),
    /// The same attribute, or `limit` or `offset`, more than once.
    #[error("{0} is given more than once")]
    Repeated(String),
    /// A value that its attribute cannot have.
    #[error("the value of {attribute} must be {wanted}")]
    Value {
        /// The parameter's name.
        attribute: String,
        /// What it must be.
        wanted: &'static str,
    },
}
