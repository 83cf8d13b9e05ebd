//! A client as small as can be: TLS by rustls, HTTP/1.1 by hand.

use std::{io, net::SocketAddr, sync::Arc};

use rustls::{ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// A connection.
pub(crate) struct Client(TlsStream<TcpStream>);

/// A client that trusts one authority and nobody else.
pub(crate) fn trusting(authority: &str) -> ClientConfig {
    config(authority, &rustls::version::TLS13)
}

/// The same, of the last decade.
pub(crate) fn only_tls_12(authority: &str) -> ClientConfig {
    config(authority, &rustls::version::TLS12)
}

fn config(authority: &str, version: &'static SupportedProtocolVersion) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// Connects and shakes hands.
pub(crate) async fn connect(address: SocketAddr, config: ClientConfig) -> io::Result<Client> {
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.map(Client)
}

impl Client {
    /// The protocol version of the connection.
    pub(crate) fn version(&self) -> Option<ProtocolVersion> {
        self.0.get_ref().1.protocol_version()
    }

    /// The start of an answer: status, headers and what came with them.
    pub(crate) async fn get(&mut self, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        self.0.write_all(request.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let read = self.0.read(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer[..read]).into_owned()
    }
}
