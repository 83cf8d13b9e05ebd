//! The chain of custody: sealed objects, the key hierarchy, receipts and the audit log.
//!
//! Only this crate names a cipher. It knows nothing of DICOM, of files' meaning or of the network: bytes go in
//! with the context they belong to ([`ObjectContext`]), and come out only for the same context and key.
//! The formats are written down in `docs/spec/object-format.md` and `docs/spec/key-hierarchy.md`.
//!
//! Secrets have no `Debug`, `Display` or `Serialize`, and are wiped from memory when dropped. Randomness and
//! the clock are arguments.

pub mod audit;
pub mod backup;
mod canonical;
mod chunked;
mod context;
mod credential;
mod digest;
mod error;
mod keys;
pub mod local;
mod object;
mod receipt;
mod receiving;
mod secret;
mod signing;

pub use context::{ObjectContext, ObjectKind};
pub use credential::{Credential, CredentialDigest};
pub use digest::{Digester, digest_of, sha256};
pub use error::{CustodyError, Remedy};
pub use keys::{ObjectKey, Place, RingKey, RootKey, SubjectKey, Wrapped, Wraps};
pub use local::LocalKey;
pub use object::{ObjectReader, PREFIX_BYTES, Sealed, open, open_range, plain_size, seal, sealed_size};
pub use receipt::{Receipt, SignedReceipt};
pub use receiving::{KeyId, ReceivingKey, ReceivingPublicKey, WrappedForCentre, rewrap};
pub use secret::Secret;
pub use signing::{Signature, SigningKey, VerifyingKey};
