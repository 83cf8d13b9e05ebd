//! Who the registry is: TLS 1.3 to one pinned authority, found at the first contact by the token's fingerprint.

use std::sync::{Arc, Mutex};

use reqwest::Client;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring},
    version::TLS13,
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use crate::EdgeError;

/// The authority that was seen and accepted at the first contact.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<Option<Vec<u8>>>>);

impl Seen {
    /// Its certificate (DER).
    pub(crate) fn authority(&self) -> Option<Vec<u8>> {
        self.0.lock().ok()?.clone()
    }
}

/// Accepts a chain that contains the certificate with the fingerprint and is valid under it.
struct FingerprintVerifier {
    fingerprint: [u8; 32],
    provider: Arc<CryptoProvider>,
    seen: Seen,
}

impl std::fmt::Debug for FingerprintVerifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FingerprintVerifier")
    }
}

impl ServerCertVerifier for FingerprintVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let unknown = || Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let authority = std::iter::once(end_entity)
            .chain(intermediates)
            .find(|cert| sumgil_custody::sha256(cert) == self.fingerprint)
            .ok_or_else(unknown)?;
        let mut roots = RootCertStore::empty();
        roots.add(authority.clone().into_owned()).map_err(|_| unknown())?;
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&self.provider))
            .build()
            .map_err(|_| unknown())?
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)?;
        if let Ok(mut seen) = self.seen.0.lock() {
            *seen = Some(authority.to_vec());
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::PeerIncompatible(rustls::PeerIncompatible::Tls13RequiredForQuic))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn tls_failed(_: Error) -> EdgeError {
    EdgeError::Protocol("TLS could not be set up")
}

fn client(config: ClientConfig) -> Result<Client, EdgeError> {
    builder()
        .use_preconfigured_tls(config)
        .build()
        .map_err(|_| EdgeError::Protocol("TLS could not be set up"))
}

fn builder() -> reqwest::ClientBuilder {
    Client::builder()
        .connect_timeout(std::time::Duration::from_secs(10))
        .timeout(std::time::Duration::from_secs(120))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .tcp_nodelay(true)
}

/// A client that accepts exactly the authority with this fingerprint.
pub(crate) fn client_for_fingerprint(fingerprint: [u8; 32]) -> Result<(Client, Seen), EdgeError> {
    let (seen, provider) = (Seen::default(), provider());
    let verifier = FingerprintVerifier { fingerprint, provider: Arc::clone(&provider), seen: seen.clone() };
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .map_err(tls_failed)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok((client(config)?, seen))
}

/// A client that accepts exactly this authority.
pub(crate) fn client_for_authority(authority: Vec<u8>) -> Result<Client, EdgeError> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority)).map_err(tls_failed)?;
    let config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])
        .map_err(tls_failed)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    client(config)
}

/// A client for a registry on this machine, without TLS.
pub(crate) fn plain_client() -> Result<Client, EdgeError> {
    // reqwest wants a TLS configuration even where none is used
    client(
        ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&TLS13])
            .map_err(tls_failed)?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth(),
    )
}

/// `url` without a trailing slash, if it is https, or http to this machine.
pub(crate) fn checked_url(url: &str) -> Result<String, EdgeError> {
    let parsed = reqwest::Url::parse(url)
        .map_err(|_| EdgeError::Protocol("the registry's address is not a URL such as https://host:8443"))?;
    let loopback = matches!(parsed.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match parsed.scheme() {
        "https" => {}
        "http" if loopback => {}
        _ => return Err(EdgeError::Protocol("the registry's address must begin with https://")),
    }
    Ok(url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_only_to_this_machine() {
        assert_eq!(checked_url("https://registry.example:8443/").unwrap(), "https://registry.example:8443");
        assert!(checked_url("http://127.0.0.1:8080").is_ok());
        assert!(checked_url("http://registry.example").is_err());
        assert!(checked_url("registry.example").is_err());
    }
}
