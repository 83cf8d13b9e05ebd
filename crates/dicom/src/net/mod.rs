//! The DICOM network: receiving (C-STORE, C-ECHO) and asking (C-ECHO, C-STORE, C-FIND, C-MOVE), PS3.7 and PS3.8.

mod command;
mod error;
mod scp;
pub mod scu;
mod storage;
mod wire;

pub use error::{NetError, NetRemedy};
pub use scp::{BoxFuture, Received, ScpConfig, StoreHandler, StoreStatus, serve};
pub use storage::is_storage_class;
