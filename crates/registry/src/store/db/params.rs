//! Values on their way into a statement: four kinds, as the schema has four column types.

use jiff::Timestamp;
use sumgil_model::{ObjectDigest, ProtocolId, SiteId, SubjectId, Uid, UidKind};

/// One bound value. `None` is SQL's NULL and keeps its type, which PostgreSQL wants to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Param {
    /// INTEGER, BIGINT.
    Integer(Option<i64>),
    /// REAL, DOUBLE PRECISION.
    Real(Option<f64>),
    /// TEXT.
    Text(Option<String>),
    /// BLOB, BYTEA.
    Blob(Option<Vec<u8>>),
}

macro_rules! param_from {
    ($($variant:ident: $from:ty, $value:ident => $into:expr;)+) => {$(
        impl From<$from> for Param {
            fn from($value: $from) -> Self {
                Self::$variant(Some($into))
            }
        }
        impl From<Option<$from>> for Param {
            fn from(value: Option<$from>) -> Self {
                Self::$variant(value.map(|$value| $into))
            }
        }
    )+};
}

param_from! {
    Integer: i64, v => v;
    Integer: i32, v => i64::from(v);
    Integer: u32, v => i64::from(v);
    Integer: u16, v => i64::from(v);
    Integer: u64, v => i64::try_from(v).unwrap_or(i64::MAX);
    Integer: bool, v => i64::from(v);
    Integer: Timestamp, v => v.as_microsecond();
    Real: f64, v => v;
    Text: String, v => v;
    Text: &str, v => v.to_owned();
    Text: &String, v => v.clone();
    Text: &SiteId, v => v.as_str().to_owned();
    Text: &SubjectId, v => v.as_str().to_owned();
    Text: &ProtocolId, v => v.as_str().to_owned();
    Text: &ObjectDigest, v => v.as_str().to_owned();
    Blob: Vec<u8>, v => v;
    Blob: &Vec<u8>, v => v.clone();
    Blob: &[u8], v => v.to_vec();
}

impl<K: UidKind> From<&Uid<K>> for Param {
    fn from(uid: &Uid<K>) -> Self {
        Self::Text(Some(uid.as_str().to_owned()))
    }
}

/// The bound values of one statement, in the order of its `$1`, `$2`, ...
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::store::db::Param::from($value)),*]
    };
}
pub(crate) use params;
