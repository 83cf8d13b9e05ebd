//! Whom to ask, and how long to wait.

use std::time::Duration;

/// An application entity on the network and our manners towards it.
#[derive(Clone, Debug)]
pub struct Peer {
    /// `host:port`.
    pub address: String,
    /// Its AE title, at most 16 characters.
    pub called_ae: String,
    /// The AE title that we give ourselves, at most 16 characters.
    pub calling_ae: String,
    /// Time to connect and to agree on the association.
    pub connect_timeout: Duration,
    /// Time for each answer, and for a request to be taken. For C-MOVE: between two progress reports.
    pub answer_timeout: Duration,
    /// Longest P-DATA PDU that we announce and accept, in bytes.
    pub max_pdu: u32,
}

impl Peer {
    /// A peer with time-outs of 10 s to associate and 120 s to answer.
    pub fn new(
        address: impl Into<String>,
        called_ae: impl Into<String>,
        calling_ae: impl Into<String>,
    ) -> Self {
        Self {
            address: address.into(),
            called_ae: called_ae.into(),
            calling_ae: calling_ae.into(),
            connect_timeout: Duration::from_secs(10),
            answer_timeout: Duration::from_secs(120),
            max_pdu: 256 * 1024,
        }
    }
}
