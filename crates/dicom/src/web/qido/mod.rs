//! The query language of QIDO-RS (PS3.18 sections 8.3.4 and 10.6.1.2), from a raw query string to typed conditions.

mod attribute;
mod error;
mod matching;
mod parameters;
mod query;

pub use attribute::AttributePath;
pub use error::QueryError;
pub use matching::Matching;
pub use query::{Filter, Include, InstanceQuery, PageLimits, Query, SeriesQuery, StudyQuery};
