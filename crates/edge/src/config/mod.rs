//! `edge.toml`: one file, unknown keys refused, resolved once.

mod file;
mod policy;

pub use file::{
    Config, DicomConfig, LimitsConfig, LinkageConfig, PacsConfig, ReviewConfig, SelfTestConfig, StatusConfig,
    Tls,
};
pub use policy::{PatientList, Policy, PolicyConfig, Waits};
