//! `config check`.

use std::{io::Write, process::ExitCode};

use anyhow::Context;

use crate::{Config, DataDir, tls};

/// Reads the configuration and the certificate files, and prints what `serve` would use.
pub(super) fn run(dir: &DataDir) -> anyhow::Result<ExitCode> {
    let config = Config::load(dir)?;
    let at = |path: &std::path::Path| dir.root().join(path);
    tls::server_config(&at(&config.tls.certificate), &at(&config.tls.private_key))
        .context("certificate and key of section [tls]")?;
    writeln!(std::io::stdout(), "{}", config.masked()?.trim_end())?;
    Ok(ExitCode::SUCCESS)
}
