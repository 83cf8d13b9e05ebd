//! The sections of `edge.toml` and their defaults.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sumgil_deid::Profile;

use crate::{EdgeError, Home};

use super::PolicyConfig;

/// The whole configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// A study is de-identified when nothing of it has arrived for so many seconds.
    pub quiet_seconds: f64,
    /// The port that modalities and the PACS send to.
    pub dicom: DicomConfig,
    /// The local page.
    pub status: StatusConfig,
    /// How people look at what waits, and at samples of what was cleared.
    pub review: ReviewConfig,
    /// How identities are taken out.
    pub deid: DeidConfig,
    /// Whose data, and which, leave the hospital.
    pub policy: PolicyConfig,
    /// The PACS that `pull` asks; absent when none is set up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pacs: Option<PacsConfig>,
    /// Bounds on what is taken in.
    pub limits: LimitsConfig,
    /// How often the edge tests itself.
    pub self_test: SelfTestConfig,
    /// Tokens for linkage across hospitals; absent where no consortium has agreed on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linkage: Option<LinkageConfig>,
}

/// Section `[deid]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeidConfig {
    /// The profile: `default`, `strict`, or a TOML file of the hospital's own.
    pub profile: String,
}

impl DeidConfig {
    /// The profile that is named; a file is looked for relative to the working directory.
    ///
    /// # Errors
    /// [`EdgeError::Config`] when there is none of this name, or its file cannot be used.
    pub fn load(&self) -> Result<Profile, EdgeError> {
        let file = PathBuf::from(&self.profile);
        let wrong = |reason: String| EdgeError::Config { file: file.clone(), reason };
        if let Some(profile) = Profile::named(&self.profile) {
            return Ok(profile);
        }
        if !self.profile.ends_with(".toml") {
            let known = Profile::names().join(", ");
            return Err(wrong(format!(
                "there is no '{}': there are {known}, or name a TOML file",
                self.profile
            )));
        }
        let text = fs::read_to_string(&self.profile).map_err(|e| wrong(format!("{}: {e}", self.profile)))?;
        Profile::from_toml(&text).map_err(|e| wrong(e.to_string()))
    }
}

impl Default for DeidConfig {
    fn default() -> Self {
        Self { profile: "default".into() }
    }
}

/// Section `[self_test]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SelfTestConfig {
    /// Hours between two runs while the edge serves; 0: never by itself.
    pub every_hours: u32,
}

/// Section `[linkage]`. See docs/linkage.md for what has to be in place before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkageConfig {
    /// File with the consortium's secret: 64 hexadecimal digits, mode 0600.
    pub secret_file: PathBuf,
    /// Issuers of patient IDs that are national numbers.
    #[serde(default = "resident_issuer")]
    pub issuers: Vec<String>,
}

fn resident_issuer() -> Vec<String> {
    vec![sumgil_deid::linkage::RESIDENT_ISSUER.to_owned()]
}

/// Section `[dicom]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DicomConfig {
    /// Our application entity title.
    pub ae_title: String,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Calling AE titles that may send; empty: all. A title is a label, not a proof: restrict the network too.
    pub allowed_callers: Vec<String>,
    /// Storage SOP classes that the standard does not list are accepted as well.
    pub accept_unknown_sop_classes: bool,
    /// Associations at once.
    pub max_associations: usize,
    /// A connection that says nothing for so long is closed.
    pub idle_timeout_seconds: u64,
}

/// Section `[status]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StatusConfig {
    /// Where the local page listens; beyond loopback only with TLS.
    pub listen: SocketAddr,
    /// Host names that browsers may call it by, beside its address and localhost.
    pub hosts: Vec<String>,
    /// `self-signed`: a certificate is made once, in the data directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// PEM file: the certificate, then those above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_certificate: Option<PathBuf>,
    /// PEM file: the certificate's private key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_key: Option<PathBuf>,
}

/// Values of `status.tls`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    /// A certificate of our own, made once.
    SelfSigned,
}

impl StatusConfig {
    /// Whether the page is served over TLS.
    pub fn has_tls(&self) -> bool {
        self.tls.is_some() || (self.tls_certificate.is_some() && self.tls_key.is_some())
    }

    /// Whether it may listen at `address`.
    ///
    /// # Errors
    /// The reason in words.
    pub fn check(&self, address: SocketAddr) -> Result<(), String> {
        if self.tls_certificate.is_some() != self.tls_key.is_some() {
            return Err("status.tls_certificate and status.tls_key belong together".into());
        }
        if self.tls.is_some() && self.tls_certificate.is_some() {
            return Err("either status.tls = \"self-signed\" or a certificate of your own, not both".into());
        }
        if !address.ip().is_loopback() && !self.has_tls() {
            return Err("status.listen beyond loopback needs TLS, for the page shows who patients are: \
                        set status.tls_certificate and status.tls_key, or status.tls = \"self-signed\""
                .into());
        }
        Ok(())
    }
}

/// Section `[review]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReviewConfig {
    /// A release needs the word of two different persons.
    pub two_persons: bool,
    /// So many in a hundred of the cleared instances are kept for a person to look at; 0: none.
    pub sample_percent: f64,
    /// And always the first so many of each device.
    pub sample_first: u64,
    /// Most samples that are kept; the oldest unseen one is dropped, and counted.
    pub keep_samples: u64,
    /// Most MiB of samples that are kept.
    pub keep_samples_mib: u64,
}

/// Section `[pacs]`: the archive that `pull` asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PacsConfig {
    /// Its AE title.
    pub ae_title: String,
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
}

/// Section `[limits]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Largest instance in MiB.
    pub max_instance_mib: u64,
    /// Disk space in MiB that always stays free; below it senders are told to come back (A700).
    pub min_free_mib: u64,
    /// Uploads at once.
    pub parallel_uploads: usize,
    /// De-identification tasks at once; 0: one per processor.
    pub parallel_deid: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            quiet_seconds: 60.0,
            dicom: DicomConfig::default(),
            status: StatusConfig::default(),
            review: ReviewConfig::default(),
            deid: DeidConfig::default(),
            policy: PolicyConfig::default(),
            pacs: None,
            limits: LimitsConfig::default(),
            self_test: SelfTestConfig::default(),
            linkage: None,
        }
    }
}

impl Default for DicomConfig {
    fn default() -> Self {
        Self {
            ae_title: "SUMGIL".into(),
            listen: SocketAddr::from(([0, 0, 0, 0], 11112)),
            allowed_callers: Vec::new(),
            accept_unknown_sop_classes: true,
            max_associations: 64,
            idle_timeout_seconds: 60,
        }
    }
}

impl Default for SelfTestConfig {
    fn default() -> Self {
        Self { every_hours: 24 }
    }
}

impl Default for StatusConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 11180)),
            hosts: Vec::new(),
            tls: None,
            tls_certificate: None,
            tls_key: None,
        }
    }
}

impl Default for ReviewConfig {
    fn default() -> Self {
        Self {
            two_persons: false,
            sample_percent: 2.0,
            sample_first: 10,
            keep_samples: 500,
            keep_samples_mib: 4096,
        }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self { max_instance_mib: 2048, min_free_mib: 1024, parallel_uploads: 4, parallel_deid: 0 }
    }
}

impl Config {
    /// Reads `edge.toml` of `home` and checks it.
    ///
    /// # Errors
    /// [`EdgeError::NotSetUp`] when there is none, [`EdgeError::Config`] when it is wrong.
    pub fn load(home: &Home) -> Result<Self, EdgeError> {
        let path = home.config();
        let text = fs::read_to_string(&path).map_err(|_| EdgeError::NotSetUp(home.root().to_owned()))?;
        let mut config = Self::parse(&text).map_err(|reason| EdgeError::Config { file: path, reason })?;
        config.policy.resolve(home.root());
        let status = &mut config.status;
        for path in [&mut status.tls_certificate, &mut status.tls_key].into_iter().flatten() {
            *path = home.root().join(&*path);
        }
        if let Some(linkage) = &mut config.linkage {
            linkage.secret_file = home.root().join(&linkage.secret_file);
        }
        Ok(config)
    }

    /// Parses and checks the text of an `edge.toml`.
    ///
    /// # Errors
    /// The reason in words, with the line where TOML gives one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        if !self.quiet_seconds.is_finite() || !(0.0..=86_400.0).contains(&self.quiet_seconds) {
            return Err("quiet_seconds must lie between 0 and 86400".into());
        }
        for (name, title) in [("dicom.ae_title", Some(&self.dicom.ae_title))]
            .into_iter()
            .chain([("pacs.ae_title", self.pacs.as_ref().map(|p| &p.ae_title))])
        {
            if title.is_some_and(|t| t.is_empty() || t.len() > 16 || !t.is_ascii() || t.contains('\\')) {
                return Err(format!("{name} must have 1 to 16 ASCII characters without backslash"));
            }
        }
        self.status.check(self.status.listen)?;
        if !self.review.sample_percent.is_finite() || !(0.0..=100.0).contains(&self.review.sample_percent) {
            return Err("review.sample_percent must lie between 0 and 100".into());
        }
        if self.limits.parallel_uploads == 0 || self.limits.max_instance_mib == 0 {
            return Err("limits.parallel_uploads and limits.max_instance_mib must be at least 1".into());
        }
        self.policy.check()
    }

    /// The text of a fresh `edge.toml`, with a comment for every key.
    pub fn template() -> &'static str {
        include_str!("template.toml")
    }

    /// Files that the configuration names, so that their absence is told early.
    pub fn named_files(&self) -> impl Iterator<Item = &Path> {
        let (policy, status) = (&self.policy, &self.status);
        [&policy.enrolled_list, &policy.opt_out_list, &status.tls_certificate, &status.tls_key]
            .into_iter()
            .flatten()
            .map(PathBuf::as_path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_says_the_defaults() {
        assert_eq!(Config::parse(Config::template()).unwrap(), Config::default());
    }

    #[test]
    fn unknown_keys_and_open_status_pages_are_refused() {
        assert!(Config::parse("quiet = 3").unwrap_err().contains("quiet"));
        assert!(Config::parse("[policy]\nenroled = 'x'").is_err());
        assert!(Config::parse("[status]\nlisten = '0.0.0.0:80'").unwrap_err().contains("loopback"));
        let open = "[status]\nlisten = '0.0.0.0:443'\n";
        assert!(Config::parse(&format!("{open}tls = 'self-signed'")).unwrap().status.has_tls());
        assert!(Config::parse(&format!("{open}tls_key = 'k'")).unwrap_err().contains("belong together"));
        assert!(Config::parse("[review]\nsample_percent = 101").is_err());
        assert!(Config::parse("quiet_seconds = -1").is_err());
        assert!(Config::parse("[dicom]\nae_title = ''").is_err());
    }
}
