//! A peer that says whatever it likes: PDUs by hand.

use std::{net::SocketAddr, time::Duration};

use sumgil_dicom::dictionary::uids;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A TCP connection that speaks PS3.8 as far as the test wants it to.
pub(crate) struct Raw(pub(crate) TcpStream);

impl Raw {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }

    /// Connects and associates for verification (context 1) and CT images (context 3).
    pub(crate) async fn associate(address: SocketAddr) -> Self {
        let mut raw = Self::connect(address).await;
        raw.send(&association_request()).await;
        assert_eq!(raw.pdu().await.unwrap().0, 0x02, "accepted");
        raw
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// The next PDU's type and body, or `None` when the other side closed; panics when nothing happens for 5 s.
    pub(crate) async fn pdu(&mut self) -> Option<(u8, Vec<u8>)> {
        let read = async {
            let mut header = [0; 6];
            self.0.read_exact(&mut header).await.ok()?;
            let mut body = vec![0; u32::from_be_bytes(header[2..].try_into().unwrap()) as usize];
            self.0.read_exact(&mut body).await.ok()?;
            Some((header[0], body))
        };
        timeout(Duration::from_secs(5), read).await.expect("no answer and no end")
    }

    /// Whether the other side ended the connection, with or without an A-ABORT.
    pub(crate) async fn is_ended(&mut self) -> bool {
        match self.pdu().await {
            None => true,
            Some((0x07, _)) => self.pdu().await.is_none(),
            Some(_) => false,
        }
    }
}

fn item(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind, 0][..], &(body.len() as u16).to_be_bytes(), body].concat()
}

fn context(id: u8, class: &str, syntax: &str) -> Vec<u8> {
    let body = [&[id, 0, 0, 0][..], &item(0x30, class.as_bytes()), &item(0x40, syntax.as_bytes())].concat();
    item(0x20, &body)
}

/// An A-ASSOCIATE-RQ for two contexts.
pub(crate) fn association_request() -> Vec<u8> {
    let body = [
        &[0, 1, 0, 0][..],
        b"SUMGIL          ",
        b"RAW             ",
        &[0; 32],
        &item(0x10, uids::DICOM_APPLICATION_CONTEXT.as_bytes()),
        &context(1, uids::VERIFICATION, uids::IMPLICIT_VR_LITTLE_ENDIAN),
        &context(3, uids::CT_IMAGE_STORAGE, uids::EXPLICIT_VR_LITTLE_ENDIAN),
        &item(0x50, &item(0x51, &16384u32.to_be_bytes())),
    ]
    .concat();
    pdu(0x01, &body)
}

/// A PDU with an honest length.
pub(crate) fn pdu(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind, 0][..], &(body.len() as u32).to_be_bytes(), body].concat()
}

/// A P-DATA PDU with one fragment; `control`: 1 command, 2 last.
pub(crate) fn p_data(context: u8, control: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32 + 2).to_be_bytes();
    pdu(0x04, &[&length[..], &[context, control], body].concat())
}

/// A C-STORE-RQ command set for `instance`.
pub(crate) fn store_command(instance: &str) -> Vec<u8> {
    let element = |number: u16, value: &[u8]| {
        [&[0, 0][..], &number.to_le_bytes(), &(value.len() as u32).to_le_bytes(), value].concat()
    };
    let even = |text: &str| if text.len().is_multiple_of(2) { text.to_owned() } else { format!("{text}\0") };
    [
        element(0x0002, even(uids::CT_IMAGE_STORAGE).as_bytes()),
        element(0x0100, &1u16.to_le_bytes()),
        element(0x0110, &9u16.to_le_bytes()),
        element(0x0700, &0u16.to_le_bytes()),
        element(0x0800, &1u16.to_le_bytes()),
        element(0x1000, even(instance).as_bytes()),
    ]
    .concat()
}

/// The status (0000,0900) in a P-DATA body with one command fragment.
pub(crate) fn status(body: &[u8]) -> u16 {
    let at = body.windows(8).position(|window| window == [0, 0, 0, 9, 2, 0, 0, 0]).expect("a status element");
    u16::from_le_bytes([body[at + 8], body[at + 9]])
}
