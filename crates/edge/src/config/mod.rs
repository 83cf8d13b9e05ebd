//! `edge.toml`: one file, unknown keys refused, resolved once.

mod file;
mod policy;

pub use file::{Config, DicomConfig, LimitsConfig, LinkageConfig, PacsConfig, SelfTestConfig, StatusConfig};
pub use policy::{PatientList, Policy, PolicyConfig, Waits};
