//! The server's side of TLS: version 1.3 alone, ring's primitives.

use std::{path::Path, sync::Arc};

use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use crate::{Error, error::tls};

/// The certificates in a PEM file: the server's first, the authority's last.
///
/// # Errors
/// When the file cannot be read or holds no certificate.
pub fn load_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let chain: Vec<_> =
        CertificateDer::pem_file_iter(path).map_err(tls)?.collect::<Result<_, _>>().map_err(tls)?;
    if chain.is_empty() {
        return Err(Error::Tls("the certificate file holds no certificate".to_owned()));
    }
    Ok(chain)
}

/// What `serve` shakes hands with.
///
/// # Errors
/// When a file cannot be read, or certificate and key do not belong together.
pub fn server_config(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, Error> {
    let chain = load_chain(certificate)?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(tls)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(tls)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(tls)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
