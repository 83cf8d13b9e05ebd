//! Settings and limits of the receiving side.

use std::time::Duration;

use crate::Limits;

/// Settings of [`serve`](super::serve). The defaults suit a hospital's imaging network.
#[derive(Clone, Debug)]
pub struct ScpConfig {
    /// Our AE title. Only checked when [`require_called_ae`](Self::require_called_ae) is set.
    pub ae_title: String,
    /// Refuse associations that call another AE title. Off by default: a title is a label, not a credential.
    pub require_called_ae: bool,
    /// Calling AE titles that may associate; empty admits all. A label too: combine it with network rules.
    pub calling_ae_titles: Vec<String>,
    /// Longest P-DATA PDU that is announced and accepted, in bytes.
    pub max_pdu: u32,
    /// Associations at once. One more is rejected as transient, or takes the place of one that went quiet.
    pub max_associations: usize,
    /// Connections at once that have not asked for an association yet; counted apart, the oldest yields.
    pub max_pending: usize,
    /// Time for the whole association request after connecting (the ARTIM timer of PS3.8 9.1.4).
    pub handshake_timeout: Duration,
    /// Time between two messages, and for each PDU from its first to its last byte.
    pub idle_timeout: Duration,
    /// Time for one message from its command to its last fragment.
    pub message_timeout: Duration,
    /// How long an association must have been quiet before a new one may take its place when all are in use.
    pub yield_after: Duration,
    /// How long messages in progress may go on after shutdown was asked for.
    pub shutdown_grace: Duration,
    /// Largest data set taken, in bytes; a larger one is read to its end, dropped, and answered with A700.
    pub max_object_bytes: u64,
    /// Bytes of data sets held at once by all associations; beyond it data sets are answered with A700.
    pub max_buffered_bytes: u64,
    /// Accept SOP classes that the standard's list does not have (newer ones and private ones).
    pub accept_unknown_sop_classes: bool,
    /// What a data set may look like; checked before the handler is called.
    pub limits: Limits,
}

impl Default for ScpConfig {
    fn default() -> Self {
        Self {
            ae_title: "SUMGIL".to_owned(),
            require_called_ae: false,
            calling_ae_titles: Vec::new(),
            max_pdu: 256 * 1024,
            max_associations: 64,
            max_pending: 128,
            handshake_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            message_timeout: Duration::from_secs(600),
            yield_after: Duration::from_secs(5),
            shutdown_grace: Duration::from_secs(10),
            max_object_bytes: 512 << 20,
            max_buffered_bytes: 1 << 30,
            accept_unknown_sop_classes: true,
            limits: Limits::default(),
        }
    }
}
