//! Who is at the keyboard, for the access log.

use std::{env, fs, os::unix::fs::MetadataExt};

/// The account: name (through sudo, the person's own) and the number that the system knows it by.
pub(super) fn who() -> String {
    let name = ["SUDO_USER", "LOGNAME", "USER"]
        .iter()
        .find_map(|variable| env::var(variable).ok())
        .unwrap_or_else(|| "unknown".to_owned());
    let uid = fs::metadata("/proc/self").map_or_else(|_| "?".to_owned(), |meta| meta.uid().to_string());
    format!("{name} (uid {uid})")
}
