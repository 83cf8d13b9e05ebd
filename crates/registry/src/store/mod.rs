//! The registry's database: all SQL of the centre stands below this module, one text for SQLite and PostgreSQL.
//!
//! [`Db::open`] gives a database; functions that read take any [`Source`] (`&db`, or `&mut *tx` inside a
//! transaction), functions that change take the [`Tx`] of a [`Db::write`]:
//!
//! ```ignore
//! let db = Db::open("sqlite:registry.db").await?;
//! let site = sites::find(&db, &id).await?;
//! db.write(move |tx| Box::pin(async move {
//!     sites::close(tx, &id, now).await?;
//!     audit::append(tx, |head| link(head)).await
//! })).await?;
//! ```

pub mod approvals;
pub mod audit;
pub mod clinical;
pub mod cohort;
mod commit;
mod db;
mod error;
pub mod fsck;
pub mod instances;
pub mod keyring;
pub mod linkage;
pub mod objects;
pub mod protocols;
pub mod qido;
pub mod recalls;
pub mod releases;
mod schema;
pub mod self_tests;
pub mod settings;
pub mod sites;
pub mod statements;
pub mod subjects;
pub mod tokens;
pub mod uploads;
pub mod users;

pub use commit::{Decision, LinkObject};
pub use db::{BoxFuture, Db, Param, Row, Source, Tx};
pub use error::{Remedy, StoreError};
pub use keyring::Keyring;
