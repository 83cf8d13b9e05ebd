//! The two-engine database: SQLite beside the objects, or PostgreSQL.

mod open;
mod params;
mod row;
mod source;
mod tx;
mod writer;

pub use open::Db;
pub(in crate::store) use open::Engine;
pub use params::Param;
pub(crate) use params::params;
pub use row::Row;
pub use source::Source;
pub use tx::Tx;
pub use writer::BoxFuture;
use writer::Writer;
