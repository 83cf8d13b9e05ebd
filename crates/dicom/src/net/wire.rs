//! PDUs on a byte stream (PS3.8 section 9.3), read without trusting a declared length.
//!
//! Nothing is allocated by what a length field says: a P-DATA PDU is bounded by the size that was
//! announced, every other PDU by [`MAX_CONTROL`], and fragments go straight into the caller's buffer.

use bytes::{Buf, BufMut, BytesMut};
use dicom_ul::{Pdu, pdu};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::{Instant, timeout_at},
};

use super::NetError;

/// Longest PDU other than P-DATA that is read, in bytes: 128 presentation contexts with 60
/// transfer syntaxes each fit.
pub(crate) const MAX_CONTROL: u32 = 256 * 1024;
/// Bytes by which a P-DATA PDU may exceed what was announced: some peers do not count the headers inside it.
pub(crate) const SLACK: u32 = 64;
/// PDU type of P-DATA-TF.
pub(crate) const P_DATA: u8 = 0x04;
/// Bytes of a PDU header; also of a presentation data value's header with its control byte.
pub(crate) const HEADER_BYTES: u32 = 6;
const READ_AHEAD: usize = 16 * 1024;

/// Acknowledge what comes next at once: peers that leave Nagle's algorithm on and send a PDU in two pieces wait for
/// it, 40 ms each time.
pub(crate) fn prompt(wire: &Wire<tokio::net::TcpStream>) {
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(&wire.stream).set_tcp_quickack(true);
    #[cfg(not(target_os = "linux"))]
    let _ = wire;
}

/// Type and length of a PDU, before its body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PduHeader {
    pub(crate) kind: u8,
    pub(crate) length: u32,
}

/// Header of one presentation data value (PS3.8 9.3.5.1 and annex E.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fragment {
    pub(crate) context: u8,
    pub(crate) is_command: bool,
    pub(crate) is_last: bool,
    pub(crate) length: u32,
}

/// A stream of PDUs in both directions. Every wait ends at the deadline that the caller set last.
pub(crate) struct Wire<S> {
    stream: S,
    ahead: BytesMut,
    deadline: Instant,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(crate) fn new(stream: S, deadline: Instant) -> Self {
        Self { stream, ahead: BytesMut::with_capacity(READ_AHEAD), deadline }
    }

    /// Reads and writes that are not done by `deadline` fail with [`NetError::TimedOut`].
    pub(crate) fn set_deadline(&mut self, deadline: Instant) {
        self.deadline = deadline;
    }

    /// The next PDU's header, or `None` when the peer closed between two PDUs. Safe to cancel: nothing is lost.
    pub(crate) async fn header(&mut self) -> Result<Option<PduHeader>, NetError> {
        if !self.fill(HEADER_BYTES as usize).await? {
            return Ok(None);
        }
        let kind = self.ahead.get_u8();
        let _reserved = self.ahead.get_u8();
        Ok(Some(PduHeader { kind, length: self.ahead.get_u32() }))
    }

    /// The body of any PDU but P-DATA, parsed by dicom-ul.
    pub(crate) async fn control(&mut self, header: PduHeader) -> Result<Pdu, NetError> {
        if header.length > MAX_CONTROL {
            return Err(NetError::PduTooLong { length: header.length, limit: MAX_CONTROL });
        }
        if !self.fill(header.length as usize).await? && header.length > 0 {
            return Err(NetError::ClosedInMidMessage);
        }
        let mut whole = BytesMut::with_capacity(header.length as usize + HEADER_BYTES as usize);
        whole.put_u8(header.kind);
        whole.put_u8(0);
        whole.put_u32(header.length);
        whole.extend_from_slice(&self.ahead.split_to(header.length as usize));
        match pdu::read_pdu(whole.freeze(), MAX_CONTROL, false) {
            Ok(Some(pdu)) => Ok(pdu),
            Ok(None) | Err(_) => Err(NetError::Malformed("PDU")),
        }
    }

    /// The next fragment's header inside a P-DATA PDU of which `remaining` bytes are unread.
    pub(crate) async fn fragment(&mut self, remaining: &mut u32) -> Result<Fragment, NetError> {
        if *remaining < HEADER_BYTES || !self.fill(HEADER_BYTES as usize).await? {
            return Err(NetError::Malformed("presentation data value"));
        }
        let item_length = self.ahead.get_u32();
        let context = self.ahead.get_u8();
        let control = self.ahead.get_u8();
        *remaining -= HEADER_BYTES;
        let length = item_length.checked_sub(2).filter(|length| length <= remaining);
        let length = length.ok_or(NetError::Malformed("presentation data value length"))?;
        *remaining -= length;
        Ok(Fragment { context, is_command: control & 1 != 0, is_last: control & 2 != 0, length })
    }

    /// Appends the next `length` bytes to `sink`: what is not read ahead goes from the socket into it directly.
    pub(crate) async fn append(&mut self, length: u32, sink: &mut Vec<u8>) -> Result<(), NetError> {
        let mut left = length as usize;
        let buffered = left.min(self.ahead.len());
        sink.extend_from_slice(&self.ahead[..buffered]);
        self.ahead.advance(buffered);
        left -= buffered;
        sink.reserve(left);
        while left > 0 {
            let mut room = (&mut *sink).limit(left);
            let read = timeout_at(self.deadline, self.stream.read_buf(&mut room)).await??;
            if read == 0 {
                return Err(NetError::ClosedInMidMessage);
            }
            left -= read;
        }
        Ok(())
    }

    /// Reads and forgets `length` bytes.
    pub(crate) async fn skip(&mut self, length: u32) -> Result<(), NetError> {
        let mut left = length as usize;
        while left > 0 {
            if self.ahead.is_empty() && !self.fill(1).await? {
                return Err(NetError::ClosedInMidMessage);
            }
            let step = left.min(self.ahead.len());
            self.ahead.advance(step);
            left -= step;
        }
        Ok(())
    }

    /// Sends `bytes` with one call: an answer in two small segments costs its reader 40 ms with Nagle and delayed ACK.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> Result<(), NetError> {
        timeout_at(self.deadline, self.stream.write_all(bytes)).await??;
        Ok(())
    }

    /// Sends several buffers with as few system calls as the stream allows.
    pub(crate) async fn send_gathered(&mut self, mut bytes: impl Buf) -> Result<(), NetError> {
        timeout_at(self.deadline, self.stream.write_all_buf(&mut bytes)).await??;
        Ok(())
    }

    /// Sends one PDU of the association control kind.
    pub(crate) async fn send_pdu(&mut self, pdu: &Pdu) -> Result<(), NetError> {
        let mut bytes = Vec::with_capacity(256);
        pdu::write_pdu(&mut bytes, pdu).map_err(|_| NetError::Malformed("PDU to send"))?;
        self.send(&bytes).await
    }

    /// Closes the sending direction; what was written still goes out.
    pub(crate) async fn close(&mut self) {
        let _ = timeout_at(self.deadline, self.stream.shutdown()).await;
    }

    /// Reads until `wanted` bytes are ahead. False: the peer closed and nothing at all is ahead.
    async fn fill(&mut self, wanted: usize) -> Result<bool, NetError> {
        while self.ahead.len() < wanted {
            self.ahead.reserve(READ_AHEAD.min(wanted.max(READ_AHEAD)));
            let read = timeout_at(self.deadline, self.stream.read_buf(&mut self.ahead)).await??;
            if read == 0 {
                return if self.ahead.is_empty() { Ok(false) } else { Err(NetError::ClosedInMidMessage) };
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use dicom_ul::pdu::{AssociationRQ, PresentationContextProposed, UserVariableItem};
    use proptest::prelude::*;

    use super::*;

    fn request() -> Vec<u8> {
        let context = |id| PresentationContextProposed {
            id,
            abstract_syntax: "1.2.840.10008.1.1".to_owned(),
            transfer_syntaxes: vec!["1.2.840.10008.1.2".to_owned(), "1.2.840.10008.1.2.1".to_owned()],
        };
        let request = AssociationRQ {
            protocol_version: 1,
            calling_ae_title: "A".to_owned(),
            called_ae_title: "B".to_owned(),
            application_context_name: "1.2.840.10008.3.1.1.1".to_owned(),
            presentation_contexts: vec![context(1), context(3)],
            user_variables: vec![
                UserVariableItem::MaxLength(16384),
                UserVariableItem::ImplementationClassUID("1.2.3".to_owned()),
                UserVariableItem::Unknown(0x57, vec![0, 1, 2, 3]),
                UserVariableItem::SopClassExtendedNegotiationSubItem("1.2".to_owned(), vec![1]),
            ],
        };
        let mut bytes = Vec::new();
        pdu::write_pdu(&mut bytes, &Pdu::AssociationRQ(request)).unwrap();
        bytes
    }

    /// What `bytes`, then the end of the stream, are read as.
    fn read(bytes: Vec<u8>) -> Result<Pdu, NetError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let stream = tokio::io::join(std::io::Cursor::new(bytes), tokio::io::sink());
            let mut wire = Wire::new(stream, Instant::now() + Duration::from_secs(5));
            let header = wire.header().await?.ok_or(NetError::ClosedInMidMessage)?;
            wire.control(header).await
        })
    }

    #[test]
    fn an_honest_request_is_read() {
        assert!(
            matches!(read(request()), Ok(Pdu::AssociationRQ(request)) if request.presentation_contexts.len() == 2)
        );
    }

    proptest! {
        #[test]
        fn a_damaged_request_is_read_or_refused(
            changes in proptest::collection::vec((0usize..1000, any::<u8>()), 0..6),
            cut in 0usize..1000,
        ) {
            let mut bytes = request();
            let length = bytes.len();
            changes.iter().for_each(|(at, byte)| bytes[at % length] = *byte);
            let _ = read(bytes.clone());
            bytes.truncate(cut % length);
            prop_assert!(read(bytes).is_err(), "a torn PDU is never a whole one");
        }

        #[test]
        fn fragments_never_reach_beyond_their_pdu(length: u32, remaining: u32) {
            let bytes = [&length.to_be_bytes()[..], &[1, 3]].concat();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let (read, left) = runtime.block_on(async {
                let stream = tokio::io::join(std::io::Cursor::new(bytes), tokio::io::sink());
                let mut wire = Wire::new(stream, Instant::now() + Duration::from_secs(5));
                let mut left = remaining;
                (wire.fragment(&mut left).await, left)
            });
            if let Ok(fragment) = read {
                prop_assert_eq!(u64::from(left) + u64::from(fragment.length) + 6, u64::from(remaining));
                prop_assert_eq!(fragment.length + 2, length);
            }
        }
    }
}
