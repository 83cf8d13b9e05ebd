//! One association from its request to its end (the acceptor's half of PS3.8 table 9-10).

use std::{net::SocketAddr, sync::Arc};

use dicom_ul::{
    Pdu,
    pdu::{AbortRQServiceProviderReason, AbortRQSource, AssociationRQ},
};
use tokio::{net::TcpStream, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    ScpConfig, StoreHandler,
    collect::Budget,
    gate::Ticket,
    message::{Message, Outcome},
    negotiation::{Agreed, full_house, negotiate},
};
use crate::net::{
    NetError,
    wire::{P_DATA, PduHeader, Wire, prompt},
};

/// How long a connection that we end is drained, so that our last word reaches the peer.
const FAREWELL: std::time::Duration = std::time::Duration::from_secs(1);

/// How long a connection that must go may take to be told.
const AT_ONCE: std::time::Duration = std::time::Duration::from_millis(50);

/// What all associations of one listener share.
pub(crate) struct Shared {
    pub(crate) config: ScpConfig,
    pub(crate) handler: Arc<dyn StoreHandler>,
    pub(crate) budget: Budget,
    /// Cancelled when no new message shall begin.
    pub(crate) closing: CancellationToken,
}

/// Serves one connection until it ends; the peer gets an A-ABORT when it ends against the protocol.
pub(crate) async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    ticket: Ticket,
    shared: Arc<Shared>,
) {
    let mut wire = Wire::new(stream, Instant::now() + shared.config.handshake_timeout);
    let ended = tokio::select! {
        biased;
        () = ticket.cancelled().cancelled() => {
            // Somebody else needs the place now: one word, no waiting for the peer to read it.
            wire.set_deadline(Instant::now() + AT_ONCE);
            let _ = wire.send_pdu(&abort(AbortRQServiceProviderReason::ReasonNotSpecified)).await;
            return;
        }
        ended = converse(&mut wire, peer, &ticket, &shared) => ended,
    };
    let Err(error) = ended else { return };
    tracing::debug!(%peer, %error, "association ended");
    farewell(&mut wire, &error).await;
}

fn abort(reason: AbortRQServiceProviderReason) -> Pdu {
    Pdu::AbortRQ { source: AbortRQSource::ServiceProvider(reason) }
}

async fn converse(
    wire: &mut Wire<TcpStream>,
    peer: SocketAddr,
    ticket: &Ticket,
    shared: &Shared,
) -> Result<(), NetError> {
    let request = tokio::select! {
        biased;
        request = association_request(wire) => request?,
        () = shared.closing.cancelled() => return Err(NetError::TimedOut),
    };
    let Some(request) = request else { return Ok(()) };
    wire.set_deadline(Instant::now() + shared.config.idle_timeout);
    let (acceptance, agreed) = match negotiate(&request, &shared.config) {
        Ok(agreement) if ticket.associate() => agreement,
        Ok(_) => return reject(wire, &Pdu::AssociationRJ(full_house())).await,
        Err(rejection) => return reject(wire, &Pdu::AssociationRJ(rejection)).await,
    };
    wire.send_pdu(&Pdu::AssociationAC(acceptance)).await?;
    prompt(wire);
    exchange(wire, peer, ticket, shared, &agreed).await
}

async fn association_request(wire: &mut Wire<TcpStream>) -> Result<Option<AssociationRQ>, NetError> {
    let Some(header) = wire.header().await? else { return Ok(None) };
    if header.kind != 0x01 {
        return Err(NetError::Unexpected("PDU before an association request"));
    }
    match wire.control(header).await? {
        Pdu::AssociationRQ(request) => Ok(Some(request)),
        _ => Err(NetError::Malformed("association request")),
    }
}

/// Messages until release.
async fn exchange(
    wire: &mut Wire<TcpStream>,
    peer: SocketAddr,
    ticket: &Ticket,
    shared: &Shared,
    agreed: &Agreed,
) -> Result<(), NetError> {
    let mut message = Message::new(peer, shared, agreed);
    loop {
        wire.set_deadline(message.deadline());
        let header = tokio::select! {
            biased;
            header = wire.header() => header?,
            () = shared.closing.cancelled(), if message.is_idle() => return Err(NetError::TimedOut),
        };
        // Closing without a release is rude but harmless between messages.
        let Some(header) = header else {
            return if message.is_idle() { Ok(()) } else { Err(NetError::ClosedInMidMessage) };
        };
        ticket.touch();
        wire.set_deadline(message.deadline());
        match header.kind {
            P_DATA => presentation_data(wire, header, ticket, &mut message, agreed).await?,
            _ => match wire.control(header).await? {
                Pdu::ReleaseRQ if message.is_idle() => return wire.send_pdu(&Pdu::ReleaseRP).await,
                Pdu::AbortRQ { .. } => return Ok(()),
                _ => return Err(NetError::Unexpected("PDU")),
            },
        }
    }
}

async fn presentation_data(
    wire: &mut Wire<TcpStream>,
    header: PduHeader,
    ticket: &Ticket,
    message: &mut Message<'_>,
    agreed: &Agreed,
) -> Result<(), NetError> {
    let limit = message.max_pdu();
    if header.length > limit {
        return Err(NetError::PduTooLong { length: header.length, limit });
    }
    let mut remaining = header.length;
    while remaining > 0 {
        let fragment = wire.fragment(&mut remaining).await?;
        match message.take(wire, fragment).await? {
            Outcome::More => {}
            // The sender may keep the data set back until the command is acknowledged (Nagle's algorithm).
            Outcome::DataSetFollows => prompt(wire),
            Outcome::Complete => {
                ticket.working(true);
                let answer = message.answer().await?;
                ticket.working(false);
                wire.set_deadline(message.deadline());
                if let Some(answer) = answer {
                    wire.send(&answer.encode_pdus(fragment.context, agreed.peer_max_pdu)?).await?;
                    prompt(wire);
                }
            }
        }
    }
    Ok(())
}

async fn reject(wire: &mut Wire<TcpStream>, rejection: &Pdu) -> Result<(), NetError> {
    wire.send_pdu(rejection).await?;
    drain(wire).await;
    Ok(())
}

/// Tells the peer that this is the end, unless it has gone already.
async fn farewell(wire: &mut Wire<TcpStream>, error: &NetError) {
    use AbortRQServiceProviderReason as Reason;
    let reason = match error {
        NetError::Io(_) | NetError::ClosedInMidMessage => return,
        NetError::Unexpected(_) => Reason::UnexpectedPdu,
        NetError::Malformed(_) | NetError::PduTooLong { .. } => Reason::InvalidPduParameter,
        _ => Reason::ReasonNotSpecified,
    };
    wire.set_deadline(Instant::now() + FAREWELL);
    if wire.send_pdu(&abort(reason)).await.is_ok() {
        drain(wire).await;
    }
}

/// Closing with unread bytes resets the connection and can overtake our last PDU: read a little first.
async fn drain(wire: &mut Wire<TcpStream>) {
    const ENOUGH: u32 = 1 << 20;
    wire.set_deadline(Instant::now() + FAREWELL);
    wire.close().await;
    let _ = wire.skip(ENOUGH).await;
}
