//! `registry.toml`: read once, unknown keys refused.

use std::{fs, net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Serialize};
use sumgil_model::ProtocolId;

use crate::{DataDir, Error};

/// What a registry is told. Relative paths are inside the data directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Address and port that `serve` listens on; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// The protocol that newly enrolled sites contribute to.
    pub protocol: ProtocolId,
    /// Rows: a file in the data directory, or `postgres://user@host/database`.
    pub database: String,
    /// Wrapped keys: another file or database, with its own backup.
    pub keyring: String,
    /// The address under which clients know this registry, for the links in its answers; the one that the
    /// client used when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// Server certificate.
    pub tls: TlsConfig,
    /// Limits of what is accepted.
    #[serde(default)]
    pub limits: LimitsConfig,
}

/// Server certificate and key, PEM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// Server certificate first, then its issuers; the last one is what an edge pins at enrolment.
    pub certificate: PathBuf,
    /// The server certificate's private key.
    pub private_key: PathBuf,
}

/// Limits of what is accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Largest sealed object, bytes.
    pub object_bytes: u64,
    /// Objects that are opened and checked at one time.
    pub verifications: usize,
    /// Requests that one site may have in work at one time; further ones wait.
    pub requests_per_site: usize,
    /// Connections at one time; further ones wait.
    pub connections: usize,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { object_bytes: 1 << 30, verifications: cores, requests_per_site: 8, connections: 2048 }
    }
}

impl Config {
    /// What `init` writes.
    pub fn new(listen: SocketAddr, protocol: ProtocolId) -> Self {
        Self {
            listen,
            protocol,
            database: "registry.db".to_owned(),
            keyring: "keyring.db".to_owned(),
            public_url: None,
            tls: TlsConfig {
                certificate: PathBuf::from("tls/server.pem"),
                private_key: PathBuf::from("tls/server.key"),
            },
            limits: LimitsConfig::default(),
        }
    }

    /// Reads the configuration of a data directory.
    ///
    /// # Errors
    /// When the file is absent, is no TOML, or has keys or values that are not known.
    pub fn load(dir: &DataDir) -> Result<Self, Error> {
        let path = dir.config();
        let text = fs::read_to_string(&path)
            .map_err(|source| Error::File { what: "the configuration registry.toml", source })?;
        Self::parse(&text)
    }

    /// Reads a configuration from TOML.
    ///
    /// # Errors
    /// When it is no TOML, or has keys or values that are not known.
    pub fn parse(text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|error| Error::Config(error.to_string()))
    }

    /// The configuration as TOML.
    ///
    /// # Errors
    /// When a path is not UTF-8.
    pub fn to_toml(&self) -> Result<String, Error> {
        toml::to_string_pretty(self).map_err(|error| Error::Config(error.to_string()))
    }

    /// The configuration as TOML with the passwords in database URLs masked.
    ///
    /// # Errors
    /// When a path is not UTF-8.
    pub fn masked(&self) -> Result<String, Error> {
        Self { database: mask(&self.database), keyring: mask(&self.keyring), ..self.clone() }.to_toml()
    }
}

/// `postgres://user:secret@host/db` without the secret.
fn mask(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((user, host)) = rest.rsplit_once('@') else { return url.to_owned() };
    let user = user.split(':').next().unwrap_or_default();
    format!("{scheme}://{user}:***@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Config {
        Config::new("127.0.0.1:8443".parse().unwrap(), ProtocolId::parse("main").unwrap())
    }

    #[test]
    fn what_init_writes_reads_back() {
        let config = sample();
        assert_eq!(Config::parse(&config.to_toml().unwrap()).unwrap(), config);
    }

    #[test]
    fn unknown_keys_are_refused() {
        let text = format!("colour = \"green\"\n{}", sample().to_toml().unwrap());
        let error = Config::parse(&text).unwrap_err().to_string();
        assert!(error.contains("colour"), "{error}");
    }

    #[test]
    fn passwords_are_masked() {
        let config = Config { database: "postgres://reg:s3cret@db/registry".into(), ..sample() };
        let shown = config.masked().unwrap();
        assert!(shown.contains("postgres://reg:***@db/registry") && !shown.contains("s3cret"), "{shown}");
    }
}
