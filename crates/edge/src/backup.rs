//! What a new machine needs to go on as the same site with the same pseudonyms.

use std::{collections::BTreeMap, fs};

use serde::{Deserialize, Serialize};
use sumgil_custody::backup;
use zeroize::Zeroizing;

use crate::{EdgeError, Enrolment, Home, Secrets, config::Config, write_private};

/// Every file of `secrets/` by its name; binary ones in base64.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Backup {
    format: String,
    files: BTreeMap<String, String>,
}

const FORMAT: &str = "sumgil edge backup 1";

/// A backup of `home`'s secrets under `passphrase`, in the age format.
///
/// # Errors
/// [`EdgeError::Secret`], [`EdgeError::Io`].
pub fn make(home: &Home, passphrase: &str) -> Result<Vec<u8>, EdgeError> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let failed = |_| EdgeError::Io { what: "read the secrets", cause: std::io::ErrorKind::Other.into() };
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(home.secrets()).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = Zeroizing::new(fs::read(&path).map_err(failed)?);
        files.insert(name, STANDARD.encode(bytes.as_slice()));
    }
    let plain = Zeroizing::new(
        serde_json::to_vec(&Backup { format: FORMAT.to_owned(), files })
            .map_err(|_| EdgeError::Secret("the backup"))?,
    );
    backup::encrypt(passphrase, &plain).map_err(|_| EdgeError::Secret("the backup"))
}

/// Sets up `home` from a backup.
///
/// # Errors
/// [`EdgeError::Secret`] with a wrong passphrase or a damaged backup.
pub fn restore(home: &Home, passphrase: &str, sealed: &[u8]) -> Result<Enrolment, EdgeError> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let damaged = || EdgeError::Secret("in the backup (or the passphrase is wrong)");
    let plain = backup::decrypt(passphrase, sealed).map_err(|_| damaged())?;
    let backup: Backup = serde_json::from_slice(&plain).map_err(|_| damaged())?;
    if backup.format != FORMAT {
        return Err(damaged());
    }
    home.create()?;
    for (name, text) in &backup.files {
        let plain_name = !name.is_empty() && !name.starts_with('.') && !name.contains('/');
        let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| damaged())?);
        if !plain_name {
            return Err(damaged());
        }
        write_private(&home.secret(name), &bytes)?;
    }
    if !home.config().exists() {
        write_private(&home.config(), Config::template().as_bytes())?;
    }
    Secrets::load(home)?;
    Enrolment::load(home)
}
