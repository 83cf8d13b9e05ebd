//! The private certificate authority: made once, its key kept beside, so that `init` needs no other tool.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

use crate::{Error, error::tls};

/// A name or address that clients reach the registry by.
pub type ServerName = String;

/// What a private authority consists of, all PEM.
#[derive(Debug)]
pub struct PrivateAuthority {
    /// The authority's certificate, which clients trust or pin.
    pub certificate: String,
    /// The authority's private key; needed only to issue a new server certificate.
    pub key: String,
    /// Server certificate followed by the authority's.
    pub chain: String,
    /// The server certificate's private key.
    pub server_key: String,
}

/// Makes an authority and a server certificate for `names`. ECDSA P-256; the authority is valid until 2056,
/// the server certificate until 2036.
///
/// # Errors
/// When a name cannot stand in a certificate.
pub fn make_private_authority(names: &[ServerName]) -> Result<PrivateAuthority, Error> {
    let key = KeyPair::generate().map_err(tls)?;
    let params = authority_params()?;
    let certificate = params.self_signed(&key).map_err(tls)?;
    let server_key = KeyPair::generate().map_err(tls)?;
    let key_pem = key.serialize_pem();
    let issuer = Issuer::new(params, key);
    let server = server_params(names)?.signed_by(&server_key, &issuer).map_err(tls)?;
    Ok(PrivateAuthority {
        chain: format!("{}{}", server.pem(), certificate.pem()),
        certificate: certificate.pem(),
        key: key_pem,
        server_key: server_key.serialize_pem(),
    })
}

fn authority_params() -> Result<CertificateParams, Error> {
    let mut params = CertificateParams::new(Vec::<String>::new()).map_err(tls)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.distinguished_name.push(DnType::CommonName, "Sumgil registry authority");
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2056, 1, 1);
    Ok(params)
}

fn server_params(names: &[ServerName]) -> Result<CertificateParams, Error> {
    let mut params = CertificateParams::new(names.to_vec()).map_err(tls)?;
    params.distinguished_name.push(DnType::CommonName, "Sumgil registry");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2036, 1, 1);
    Ok(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_issues_for_names_and_addresses() {
        let made = make_private_authority(&["localhost".into(), "127.0.0.1".into(), "::1".into()]).unwrap();
        assert_eq!(made.chain.matches("BEGIN CERTIFICATE").count(), 2);
        assert!(made.chain.ends_with(&made.certificate));
        assert!(make_private_authority(&["not a name\u{1F600}".into()]).is_err());
    }
}
