//! The chain of custody: sealed objects, the key hierarchy, receipts and the audit log.
//!
//! Only this crate names a cipher. It knows nothing of DICOM, of files' meaning or of the network: bytes go in
//! with the context they belong to ([`ObjectContext`]), and come out only for the same context and key.
//! The formats are written down in `docs/spec/object-format.md` and `docs/spec/key-hierarchy.md`.
//!
//! ```
//! use sumgil_custody::{ObjectContext, ObjectKey, ObjectKind, Place, ReceivingKey, Secret, SubjectKey};
//! use sumgil_custody::{open, rewrap, seal};
//! # use sumgil_model::{SiteId, SubjectId};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut rng = rand::rng();
//! let (receiving, subject_key) = (ReceivingKey::generate(&mut rng), SubjectKey::generate(&mut rng));
//!
//! // At the hospital: a key for this object alone, wrapped for the centre.
//! let context = ObjectContext {
//!     site: SiteId::parse("hosp-01")?,
//!     subject: SubjectId::parse("sub-0123456789abcdef0123")?,
//!     uid: "2.25.1".to_owned(),
//!     kind: ObjectKind::Instance,
//!     profile: "sumgil-default-1".to_owned(),
//! };
//! let key = ObjectKey::generate(&mut rng);
//! let sealed = seal::<()>(b"a de-identified file", &context, &key, &mut rng)?;
//! let travelling = receiving.public()?.wrap(&key, &context, &mut rng)?;
//!
//! // At the centre: the key moves under the subject's key, and the object opens in its context.
//! let place = Place::object(sealed.digest());
//! let (kept, key) = rewrap(&receiving, &travelling, &context, &subject_key, &place, &mut rng)?;
//! assert_eq!(open(sealed.bytes(), &context, &key)?, b"a de-identified file");
//! # drop(kept);
//! # Ok(())
//! # }
//! ```
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
mod password;
mod receipt;
mod receiving;
mod secret;
mod signing;

pub use context::{ObjectContext, ObjectKind};
pub use credential::{Credential, CredentialDigest};
pub use digest::{Digester, digest_of, sha256};
pub use error::{CustodyError, Remedy};
pub use keys::{ObjectKey, Place, RingKey, RootKey, SubjectKey, Wrapped, Wraps, rotate};
pub use local::LocalKey;
pub use object::{ObjectReader, PREFIX_BYTES, Sealed, open, open_range, plain_size, seal, sealed_size};
pub use password::{hash_password, password_fits};
pub use receipt::{Receipt, SignedReceipt};
pub use receiving::{KeyId, ReceivingKey, ReceivingPublicKey, WrappedForCentre, rewrap};
pub use secret::Secret;
pub use signing::{Signature, SigningKey, VerifyingKey};
