//! The enrolment token: one line that the registry prints and a person carries to the hospital.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sumgil_custody::{Credential, sha256};
use zeroize::Zeroizing;

use crate::error::TransferError;

const PREFIX: &str = "sumgil1.";

/// Carries a one-time secret to the edge, and the fingerprint of the registry's certificate authority, so that
/// the edge trusts nobody else from its first connection on. `sumgil1.` and base64url of secret (32 bytes),
/// fingerprint (32) and checksum (4).
#[derive(Clone)]
pub struct EnrolToken {
    /// The one-time secret. The registry keeps its digest.
    pub secret: Credential,
    /// SHA-256 of the DER form of the certificate authority's certificate.
    pub fingerprint: [u8; 32],
}

impl EnrolToken {
    /// The line. Show it once, to the person who asked for it.
    pub fn reveal(&self) -> Zeroizing<String> {
        let mut payload = Zeroizing::new(self.secret.expose().to_vec());
        payload.extend_from_slice(&self.fingerprint);
        let sum = checksum(&payload);
        payload.extend_from_slice(&sum);
        Zeroizing::new(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(payload.as_slice())))
    }

    /// Reads the line; white space around it is ignored.
    ///
    /// # Errors
    /// [`TransferError::Token`] when it is none, or a character was lost or changed.
    pub fn parse(line: &str) -> Result<Self, TransferError> {
        let encoded = line.trim().strip_prefix(PREFIX).ok_or(TransferError::Token)?;
        let payload = Zeroizing::new(URL_SAFE_NO_PAD.decode(encoded).map_err(|_| TransferError::Token)?);
        let (content, sum) = payload.split_at_checked(64).ok_or(TransferError::Token)?;
        if sum != checksum(content) {
            return Err(TransferError::Token);
        }
        let (secret, fingerprint) = content.split_at(32);
        Ok(Self {
            secret: Credential::from_bytes(secret.try_into().map_err(|_| TransferError::Token)?),
            fingerprint: fingerprint.try_into().map_err(|_| TransferError::Token)?,
        })
    }
}

impl FromStr for EnrolToken {
    type Err = TransferError;
    fn from_str(line: &str) -> Result<Self, TransferError> {
        Self::parse(line)
    }
}

fn checksum(content: &[u8]) -> [u8; 4] {
    let mut input = Zeroizing::new(b"sumgil enrolment token".to_vec());
    input.extend_from_slice(content);
    let [a, b, c, d, ..] = sha256(&input);
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> EnrolToken {
        EnrolToken { secret: Credential::from_bytes([7; 32]), fingerprint: [9; 32] }
    }

    #[test]
    fn a_line_round_trips() {
        let line = token().reveal();
        let read = EnrolToken::parse(&format!("  {}\n", line.as_str())).unwrap();
        assert_eq!(read.secret.expose(), &[7; 32]);
        assert_eq!(read.fingerprint, [9; 32]);
        assert!(!line.contains(char::is_whitespace) && line.len() == 99, "{}", line.len());
    }

    #[test]
    fn every_changed_or_lost_character_is_noticed() {
        let line = token().reveal();
        for at in 0..line.len() {
            let mut lost = line.as_str().to_owned();
            lost.remove(at);
            assert_eq!(EnrolToken::parse(&lost).err(), Some(TransferError::Token), "lost {at}");
            let mut changed = line.as_bytes().to_vec();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(EnrolToken::parse(&changed).err(), Some(TransferError::Token), "changed {at}");
        }
    }
}
