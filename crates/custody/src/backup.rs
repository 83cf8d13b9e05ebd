//! Passphrase-protected backups of secrets: the age format with scrypt, so that the `age` command opens one
//! without this software.

use std::io::{Read, Write};

use age::{
    Decryptor, Encryptor,
    scrypt::{Identity, Recipient},
    secrecy::SecretString,
};
use zeroize::Zeroizing;

use crate::error::CustodyError;

/// The scrypt work factor of new backups, as a power of two: about a second and 256 MB on today's machines.
pub const WORK_FACTOR: u8 = 18;
/// The largest work factor that is tried on opening, so that a hostile file cannot stall the program.
const LARGEST_WORK_FACTOR: u8 = 22;

/// Encrypts `plain` under `passphrase`.
///
/// # Errors
/// [`CustodyError::Library`] when the library refuses.
pub fn encrypt(passphrase: &str, plain: &[u8]) -> Result<Vec<u8>, CustodyError> {
    encrypt_with_work(passphrase, plain, WORK_FACTOR)
}

/// As [`encrypt`], with a work factor of the caller's choice between 1 and 22 (tests take a small one).
///
/// # Errors
/// [`CustodyError::Library`] when the library refuses.
pub fn encrypt_with_work(passphrase: &str, plain: &[u8], work: u8) -> Result<Vec<u8>, CustodyError> {
    let mut recipient = Recipient::new(SecretString::from(passphrase));
    recipient.set_work_factor(work.clamp(1, LARGEST_WORK_FACTOR));
    let encryptor =
        Encryptor::with_recipients(std::iter::once(&recipient as _)).map_err(|_| CustodyError::Library)?;
    let mut out = Vec::new();
    let mut writer = encryptor.wrap_output(&mut out).map_err(|_| CustodyError::Library)?;
    writer.write_all(plain).and_then(|()| writer.finish()).map_err(|_| CustodyError::Library)?;
    Ok(out)
}

/// Opens a backup.
///
/// # Errors
/// [`CustodyError::Passphrase`] with the wrong passphrase or altered bytes.
pub fn decrypt(passphrase: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, CustodyError> {
    let mut identity = Identity::new(SecretString::from(passphrase));
    identity.set_max_work_factor(LARGEST_WORK_FACTOR);
    let decryptor = Decryptor::new(sealed).map_err(|_| CustodyError::Passphrase)?;
    let mut reader =
        decryptor.decrypt(std::iter::once(&identity as _)).map_err(|_| CustodyError::Passphrase)?;
    let mut plain = Zeroizing::new(Vec::new());
    reader.read_to_end(&mut plain).map_err(|_| CustodyError::Passphrase)?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_with_the_passphrase_alone() {
        let sealed = encrypt_with_work("맑은 바람 many words", b"secrets", 2).unwrap();
        assert_eq!(decrypt("맑은 바람 many words", &sealed).unwrap().as_slice(), b"secrets");
        assert_eq!(decrypt("other", &sealed).unwrap_err(), CustodyError::Passphrase);
        let mut altered = sealed;
        *altered.last_mut().unwrap() ^= 1;
        assert_eq!(decrypt("맑은 바람 many words", &altered).unwrap_err(), CustodyError::Passphrase);
        assert_eq!(decrypt("x", b"not age at all").unwrap_err(), CustodyError::Passphrase);
    }
}
