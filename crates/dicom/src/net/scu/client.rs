//! One association that we asked for (the requestor's half of PS3.8 table 9-10).

use bytes::Buf;
use dicom_dictionary_std::{tags, uids};
use dicom_ul::{
    Pdu,
    pdu::{
        AbortRQSource, AssociationAC, AssociationRQ, PresentationContextProposed,
        PresentationContextResultReason, UserVariableItem,
    },
};
use sumgil_model::{TransferSyntax, Uid};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};

use super::Peer;
use crate::net::{
    NetError,
    command::{Command, MAX_COMMAND, fragment_bytes, p_data_header},
    wire::{P_DATA, SLACK, Wire, prompt},
};

/// Most presentation contexts of one association: odd identifiers up to 255.
pub(crate) const MAX_CONTEXTS: usize = 128;
/// Longest identifier (query result) that is read, in bytes.
const MAX_IDENTIFIER: usize = 1 << 20;

/// One SOP class with the transfer syntaxes to propose for it, in one presentation context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proposal {
    pub(crate) sop_class: String,
    pub(crate) transfer_syntaxes: Vec<String>,
}

/// A presentation context that the peer accepted.
#[derive(Clone, Debug)]
pub(crate) struct Accepted {
    pub(crate) id: u8,
    pub(crate) sop_class: String,
    pub(crate) transfer_syntax: Uid<TransferSyntax>,
}

/// An established association.
pub(crate) struct Client {
    wire: Wire<TcpStream>,
    peer: Peer,
    accepted: Vec<Accepted>,
    peer_max_pdu: u32,
    last_message_id: u16,
}

impl Client {
    /// Connects and proposes at most [`MAX_CONTEXTS`] contexts.
    pub(crate) async fn connect(peer: &Peer, proposals: &[Proposal]) -> Result<Self, NetError> {
        let deadline = Instant::now() + peer.connect_timeout;
        let stream = timeout(peer.connect_timeout, TcpStream::connect(&peer.address)).await??;
        stream.set_nodelay(true)?;
        let mut wire = Wire::new(stream, deadline);
        wire.send_pdu(&Pdu::AssociationRQ(association_request(peer, proposals))).await?;
        let acceptance = association_answer(&mut wire).await?;
        let accepted = accepted_contexts(&acceptance, proposals);
        let lengths = acceptance.user_variables.iter();
        let peer_max_pdu = lengths
            .filter_map(|item| if let UserVariableItem::MaxLength(n) = item { Some(*n) } else { None })
            .next();
        let peer_max_pdu = peer_max_pdu.unwrap_or(0);
        Ok(Self { wire, peer: peer.clone(), accepted, peer_max_pdu, last_message_id: 0 })
    }

    /// The accepted context for a SOP class, with `transfer_syntax` when that matters.
    pub(crate) fn context(&self, sop_class: &str, transfer_syntax: Option<&str>) -> Option<Accepted> {
        let fits = |context: &&Accepted| {
            context.sop_class == sop_class
                && transfer_syntax.is_none_or(|uid| uid == context.transfer_syntax.as_str())
        };
        self.accepted.iter().find(fits).cloned()
    }

    /// Sends a request with its data set; returns the message ID that it got.
    pub(crate) async fn request(
        &mut self,
        context: u8,
        command: Command,
        data_set: Option<&[u8]>,
    ) -> Result<u16, NetError> {
        self.last_message_id = self.last_message_id.wrapping_add(1).max(1);
        let command = command.number(tags::MESSAGE_ID, self.last_message_id);
        self.wire.set_deadline(Instant::now() + self.peer.answer_timeout);
        let head = command.encode_pdus(context, self.peer_max_pdu)?;
        let Some(data_set) = data_set else {
            self.wire.send(&head).await?;
            return Ok(self.last_message_id);
        };
        let mut head = &head[..];
        let pieces = data_set.chunks(fragment_bytes(self.peer_max_pdu));
        let last = pieces.len().saturating_sub(1);
        for (index, piece) in pieces.enumerate() {
            self.wire.set_deadline(Instant::now() + self.peer.answer_timeout);
            let header = p_data_header(context, false, index == last, piece.len() as u32);
            // The command travels with the first fragment: one segment less to wait for.
            self.wire.send_gathered(head.chain(&header[..]).chain(piece)).await?;
            head = &[];
        }
        if data_set.is_empty() {
            self.wire.send(&[head, &p_data_header(context, false, true, 0)].concat()).await?;
        }
        Ok(self.last_message_id)
    }

    /// Sends a command that has no message ID of its own (C-CANCEL).
    pub(crate) async fn notify(&mut self, context: u8, command: &Command) -> Result<(), NetError> {
        self.wire.set_deadline(Instant::now() + self.peer.answer_timeout);
        self.wire.send(&command.encode_pdus(context, self.peer_max_pdu)?).await
    }

    /// The next answer: its command set, and its data set where it has one.
    pub(crate) async fn answer(&mut self) -> Result<(Command, Option<Vec<u8>>), NetError> {
        let (mut command_bytes, mut command, mut data_set) = (Vec::new(), None::<Command>, Vec::new());
        loop {
            self.wire.set_deadline(Instant::now() + self.peer.answer_timeout);
            prompt(&self.wire);
            let mut remaining = self.p_data().await?;
            while remaining > 0 {
                let fragment = self.wire.fragment(&mut remaining).await?;
                let (sink, limit) = match (&command, fragment.is_command) {
                    (None, true) => (&mut command_bytes, MAX_COMMAND),
                    (Some(_), false) => (&mut data_set, MAX_IDENTIFIER),
                    _ => return Err(NetError::Unexpected("fragment")),
                };
                if sink.len() + fragment.length as usize > limit {
                    return Err(NetError::Malformed("length of an answer"));
                }
                self.wire.append(fragment.length, sink).await?;
                if !fragment.is_last {
                    continue;
                }
                match command.take() {
                    Some(command) => return Ok((command, Some(data_set))),
                    None => command = Some(Command::parse(&command_bytes)?),
                }
                if let Some(complete) = command.take_if(|command| !command.has_data_set()) {
                    return Ok((complete, None));
                }
            }
        }
    }

    /// Length of the next PDU, which must be P-DATA.
    async fn p_data(&mut self) -> Result<u32, NetError> {
        let header = self.wire.header().await?.ok_or(NetError::ClosedInMidMessage)?;
        if header.kind != P_DATA {
            return Err(match self.wire.control(header).await? {
                Pdu::AbortRQ { .. } => NetError::Aborted,
                _ => NetError::Unexpected("PDU"),
            });
        }
        let limit = self.peer.max_pdu.saturating_add(SLACK);
        if header.length > limit {
            return Err(NetError::PduTooLong { length: header.length, limit });
        }
        Ok(header.length)
    }

    /// Ends the association in order. A peer that closes instead of answering has ended it too.
    pub(crate) async fn release(mut self) -> Result<(), NetError> {
        self.wire.set_deadline(Instant::now() + self.peer.connect_timeout);
        self.wire.send_pdu(&Pdu::ReleaseRQ).await?;
        match self.wire.header().await? {
            Some(header) => self.wire.control(header).await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// Ends the association at once.
    pub(crate) async fn abort(mut self) {
        self.wire.set_deadline(Instant::now() + self.peer.connect_timeout);
        let _ = self.wire.send_pdu(&Pdu::AbortRQ { source: AbortRQSource::ServiceUser }).await;
    }
}

fn association_request(peer: &Peer, proposals: &[Proposal]) -> AssociationRQ {
    let (implementation_class, implementation_version) = crate::implementation();
    let ids = (1..=255).step_by(2);
    let contexts = ids.zip(proposals).map(|(id, proposal)| PresentationContextProposed {
        id,
        abstract_syntax: proposal.sop_class.clone(),
        transfer_syntaxes: proposal.transfer_syntaxes.clone(),
    });
    AssociationRQ {
        protocol_version: 1,
        calling_ae_title: peer.calling_ae.clone(),
        called_ae_title: peer.called_ae.clone(),
        application_context_name: uids::DICOM_APPLICATION_CONTEXT.to_owned(),
        presentation_contexts: contexts.collect(),
        user_variables: vec![
            UserVariableItem::MaxLength(peer.max_pdu),
            UserVariableItem::ImplementationClassUID(implementation_class.to_owned()),
            UserVariableItem::ImplementationVersionName(implementation_version.to_owned()),
        ],
    }
}

async fn association_answer(wire: &mut Wire<TcpStream>) -> Result<AssociationAC, NetError> {
    let header = wire.header().await?.ok_or(NetError::ClosedInMidMessage)?;
    match wire.control(header).await? {
        Pdu::AssociationAC(acceptance) => Ok(acceptance),
        Pdu::AssociationRJ(rejection) => Err(NetError::rejected(&rejection)),
        Pdu::AbortRQ { .. } => Err(NetError::Aborted),
        _ => Err(NetError::Unexpected("answer to an association request")),
    }
}

fn accepted_contexts(acceptance: &AssociationAC, proposals: &[Proposal]) -> Vec<Accepted> {
    let results = acceptance.presentation_contexts.iter();
    let accepted = results.filter(|result| result.reason == PresentationContextResultReason::Acceptance);
    accepted
        .filter_map(|result| {
            let proposal = proposals.get(usize::from(result.id / 2)).filter(|_| result.id % 2 == 1)?;
            let transfer_syntax: Uid<TransferSyntax> = Uid::parse(&result.transfer_syntax).ok()?;
            let was_proposed = proposal.transfer_syntaxes.iter().any(|uid| uid == transfer_syntax.as_str());
            let sop_class = proposal.sop_class.clone();
            was_proposed.then_some(Accepted { id: result.id, sop_class, transfer_syntax })
        })
        .collect()
}
