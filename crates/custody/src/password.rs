//! Passwords of people: Argon2id, slow on purpose.

use argon2::{
    Argon2,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use rand::CryptoRng;

use crate::error::CustodyError;

/// Longest password that is looked at, in bytes.
const LONGEST: usize = 1024;

/// A hash that no password fits, made with the same parameters as every other.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c3VtZ2lsLW5vYm9keS0x$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes a password with a fresh salt (Argon2id, 19 MiB, 2 passes). The PHC text carries all of it.
///
/// # Errors
/// [`CustodyError::Library`] when the password is longer than 1024 bytes.
pub fn hash_password(password: &str, rng: &mut impl CryptoRng) -> Result<String, CustodyError> {
    if password.len() > LONGEST {
        return Err(CustodyError::Library);
    }
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    let salt = SaltString::encode_b64(&bytes).map_err(|_| CustodyError::Library)?;
    Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|_| CustodyError::Library)
}

/// Whether `password` is the one that was hashed. `None` stands for an account that does not exist: it takes as
/// long, and no password fits.
pub fn password_fits(password: &str, hash: Option<&str>) -> bool {
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    let fits =
        password.len() <= LONGEST && Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    fits && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_fits_and_the_same_one_hashes_differently() {
        let (mut rng, password) = (rand::rng(), "네 개의 맑은 낱말");
        let hash = hash_password(password, &mut rng).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_ne!(hash, hash_password(password, &mut rng).unwrap());
        assert!(password_fits(password, Some(&hash)));
        assert!(!password_fits("another", Some(&hash)));
        assert!(!password_fits("", Some("no hash")));
    }

    #[test]
    fn nobody_has_a_hash_that_is_worked_through_and_never_fits() {
        let parsed = PasswordHash::new(NOBODY).unwrap();
        assert_eq!(
            parsed.params,
            PasswordHash::new(&hash_password("x", &mut rand::rng()).unwrap()).unwrap().params
        );
        assert!(!password_fits("x", None));
        assert!(hash_password(&"x".repeat(1025), &mut rand::rng()).is_err());
    }
}
