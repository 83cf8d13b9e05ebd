//! The page's certificate: the hospital's own, or one that is made once in the data directory.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, date_time_ymd};
use rustls::ServerConfig;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use sumgil_custody::sha256;

use crate::{EdgeError, Home, config::StatusConfig, write_private};

/// What the page shakes hands with.
pub struct PageTls {
    /// For the server.
    pub config: Arc<ServerConfig>,
    /// SHA-256 of the certificate, as browsers show it.
    pub fingerprint: String,
}

impl PageTls {
    /// The certificate that `status` names, or the one that is made for it; `None` without TLS.
    ///
    /// # Errors
    /// [`EdgeError::Config`] when files cannot be read or do not belong together.
    pub fn of(home: &Home, status: &StatusConfig, address: SocketAddr) -> Result<Option<Self>, EdgeError> {
        let named = status.tls_certificate.clone().zip(status.tls_key.clone());
        let (certificate, key) = match (named, status.tls) {
            (Some(files), _) => files,
            (None, Some(_)) => self_signed(home, status, address)?,
            (None, None) => return Ok(None),
        };
        load(certificate, key).map(Some)
    }
}

/// Makes certificate and key once, for all names that the page is known by.
fn self_signed(
    home: &Home,
    status: &StatusConfig,
    address: SocketAddr,
) -> Result<(PathBuf, PathBuf), EdgeError> {
    let (certificate, key) = (home.secret("page-certificate.pem"), home.secret("page-key.pem"));
    if certificate.exists() && key.exists() {
        return Ok((certificate, key));
    }
    let failed = |e: rcgen::Error| wrong(&certificate, &e.to_string());
    let pair = KeyPair::generate().map_err(failed)?;
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    if !address.ip().is_unspecified() && !address.ip().is_loopback() {
        names.push(address.ip().to_string());
    }
    names.extend(status.hosts.iter().cloned());
    let mut params = CertificateParams::new(names).map_err(failed)?;
    params.distinguished_name.push(DnType::CommonName, "Sumgil edge");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2046, 1, 1);
    let made = params.self_signed(&pair).map_err(failed)?;
    write_private(&key, pair.serialize_pem().as_bytes())?;
    write_private(&certificate, made.pem().as_bytes())?;
    Ok((certificate, key))
}

fn load(certificate: PathBuf, key: PathBuf) -> Result<PageTls, EdgeError> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&certificate)
        .and_then(|iter| iter.collect::<Result<_, _>>())
        .map_err(|e| wrong(&certificate, &e.to_string()))?;
    let first = chain.first().ok_or_else(|| wrong(&certificate, "holds no certificate"))?;
    let fingerprint = fingerprint_of(first);
    let private = PrivateKeyDer::from_pem_file(&key).map_err(|e| wrong(&key, &e.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
        .map_err(|e| wrong(&certificate, &e.to_string()))?;
    Ok(PageTls { config: Arc::new(config), fingerprint })
}

/// SHA-256 of a certificate (DER) in pairs of hex digits, as browsers show it.
pub fn fingerprint_of(certificate: &[u8]) -> String {
    let digits = hex::encode_upper(sha256(certificate));
    let pairs: Vec<&str> = digits.as_bytes().chunks(2).filter_map(|p| std::str::from_utf8(p).ok()).collect();
    pairs.join(":")
}

fn wrong(file: &std::path::Path, reason: &str) -> EdgeError {
    EdgeError::Config { file: file.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Tls;

    #[test]
    fn a_certificate_is_made_once() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::new(dir.path());
        home.create().unwrap();
        let mut status = StatusConfig { tls: Some(Tls::SelfSigned), ..StatusConfig::default() };
        status.hosts = vec!["edge.hospital.example".into()];
        let address = SocketAddr::from(([0, 0, 0, 0], 8443));
        let made = PageTls::of(&home, &status, address).unwrap().unwrap();
        assert_eq!(made.fingerprint.len(), 95);
        let again = PageTls::of(&home, &status, address).unwrap().unwrap();
        assert_eq!(made.fingerprint, again.fingerprint);
        assert!(PageTls::of(&home, &StatusConfig::default(), address).unwrap().is_none());
        let (certificate, key) = (home.secret("page-key.pem"), home.secret("page-key.pem"));
        let wrong = StatusConfig {
            tls_certificate: Some(certificate),
            tls_key: Some(key),
            ..StatusConfig::default()
        };
        assert!(matches!(PageTls::of(&home, &wrong, address), Err(EdgeError::Config { .. })));
    }
}
