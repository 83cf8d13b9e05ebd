//! What is received, and who decides about it.

use std::{future::Future, net::SocketAddr, pin::Pin};

use bytes::Bytes;
use sumgil_model::{SopClass, TransferSyntax, Uid};

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One instance as it came over C-STORE. Identified data: no `Debug`.
pub struct Received {
    /// Affected SOP Class UID of the request.
    pub sop_class: Uid<SopClass>,
    /// Affected SOP Instance UID as received: 1 to 64 printable ASCII characters, not necessarily a valid UID.
    pub sop_instance: String,
    /// Transfer syntax of the presentation context, hence of the data set.
    pub transfer_syntax: Uid<TransferSyntax>,
    /// AE title that the sender gave itself: a label.
    pub calling_ae: String,
    /// AE title that the sender called.
    pub called_ae: String,
    /// The sender's address.
    pub peer: SocketAddr,
    /// A complete Part 10 file: zero preamble, new file meta information, and the data set byte for byte as received.
    pub bytes: Bytes,
}

/// The answer to one C-STORE request (PS3.4 table B.2-1, PS3.7 annex C).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreStatus {
    /// 0000H: the instance is held durably.
    Success,
    /// A700H: out of resources; the sender keeps it and tries again.
    OutOfResources,
    /// A900H: the data set does not match the SOP class.
    DataSetMismatch,
    /// C000H: cannot understand.
    CannotUnderstand,
    /// 0124H: not authorised.
    NotAuthorised,
}

impl StoreStatus {
    /// The status as it stands in (0000,0900).
    pub fn code(self) -> u16 {
        match self {
            Self::Success => 0x0000,
            Self::OutOfResources => 0xA700,
            Self::DataSetMismatch => 0xA900,
            Self::CannotUnderstand => 0xC000,
            Self::NotAuthorised => 0x0124,
        }
    }
}

/// Takes what arrives. Success is sent to the peer only after the future has answered it.
pub trait StoreHandler: Send + Sync {
    /// Stores one instance. Called concurrently, once per association at a time.
    fn store(&self, received: Received) -> BoxFuture<'_, StoreStatus>;
}
